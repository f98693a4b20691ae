// The browser's own slider, between its name and its number: read aloud, and moved by any key.
function render({ model, el }) {
  const label = document.createElement("label");
  const range = document.createElement("input");
  const number = document.createElement("output");
  range.type = "range";
  // Otherwise JupyterLab takes the arrow keys, to go from cell to cell.
  range.dataset.lmSuppressShortcuts = "true";
  label.style.cssText = "display: flex; gap: 8px; align-items: center; margin: 4px";
  number.style.cssText = "min-width: 3ch";
  label.append(model.get("description"), range, number);
  el.append(label);

  function show() {
    // The bounds first, since they hold the value.
    for (const name of ["min", "max", "step", "value"]) range[name] = model.get(name);
    number.textContent = model.get("value");
  }

  range.addEventListener("input", () => {
    number.textContent = range.value;
    model.set("value", range.valueAsNumber);
    model.save_changes();
  });
  const changes = "change:min change:max change:value";
  model.on(changes, show);
  show();
  return () => model.off(changes, show);
}

export default { render };
