// A square to draw on with mouse, pen or finger: white strokes on black, sent as small grey pixels.
const SIDE = 280;
const BRUSH = 22;

function render({ model, el }) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", model.get("label"));
  canvas.style.cssText = "background: black; border: 1px solid #888; cursor: crosshair; touch-action: none";
  el.append(canvas);
  const pen = canvas.getContext("2d");
  pen.lineWidth = BRUSH;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "white";

  // The picture in the size that the network takes: each of its pixels is the mean of many.
  const small = document.createElement("canvas");
  small.width = small.height = model.get("side");
  const shrink = small.getContext("2d", { willReadFrequently: true });
  shrink.imageSmoothingQuality = "high";

  function send() {
    shrink.fillStyle = "black";
    shrink.fillRect(0, 0, small.width, small.height);
    shrink.drawImage(canvas, 0, 0, small.width, small.height);
    const rgba = shrink.getImageData(0, 0, small.width, small.height).data;
    const grey = Uint8Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i]);
    model.set("pixels", new DataView(grey.buffer));
    model.save_changes();
  }

  function draw(event) {
    pen.lineTo(event.offsetX, event.offsetY);
    pen.stroke();
    send();
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(event.offsetX, event.offsetY);
    draw(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) draw(event);
  });
  canvas.addEventListener("pointerup", send);

  const wipe = () => pen.clearRect(0, 0, SIDE, SIDE);
  model.on("change:wiped", wipe);
  return () => model.off("change:wiped", wipe);
}

export default { render };
