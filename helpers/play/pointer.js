// A picture that tells where on it the mouse, the pen or the finger is.
function render({ model, el }) {
  const picture = document.createElement("img");
  picture.draggable = false;
  picture.style.cssText = "cursor: crosshair; touch-action: none";
  el.append(picture);

  function show() {
    picture.src = `data:image/png;base64,${model.get("png")}`;
    picture.alt = model.get("alt");
  }

  function tell(event) {
    const { width, height } = picture.getBoundingClientRect();
    model.set("place", [event.offsetX / width, event.offsetY / height]);
    model.save_changes();
  }

  picture.addEventListener("pointerdown", tell);
  picture.addEventListener("pointermove", tell);
  picture.style.width = `${model.get("width")}px`;
  const changes = "change:png change:alt";
  model.on(changes, show);
  show();
  model.set("on_page", true);
  model.save_changes();
  return () => model.off(changes, show);
}

export default { render };
