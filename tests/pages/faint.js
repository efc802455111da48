() => {
  const luminance = (colour) => {
    const part = colour.map((x) => { x /= 255; return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const numbers = (text) => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const up = (node) => node.parentElement || node.getRootNode().host;
  const behind = (node) => {
    const layers = [];
    for (; node; node = up(node)) {
      const colour = numbers(getComputedStyle(node).backgroundColor);
      const alpha = colour.length > 3 ? colour[3] : 1;
      layers.push([colour, alpha]);
      if (alpha === 1) break;
    }
    return layers.reverse().reduce((under, [over, a]) => under.map((x, i) => over[i] * a + x * (1 - a)), [255, 255, 255]);
  };
  const faint = {};
  const look = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (node.shadowRoot) look(node.shadowRoot);
      const text = [...node.childNodes].filter((child) => child.nodeType === 3).map((child) => child.textContent.trim()).join("");
      const box = node.getBoundingClientRect();
      if (!text || !box.width || !box.height || /^(STYLE|SCRIPT|TITLE)$/.test(node.tagName)) continue;
      if (getComputedStyle(node).visibility === "hidden" || node.closest("[disabled]")) continue; // WCAG leaves out disabled ones
      let opacity = 1;
      for (let at = node; at; at = up(at)) opacity *= parseFloat(getComputedStyle(at).opacity);
      const under = behind(node);
      const colour = numbers(getComputedStyle(node).color);
      const alpha = (colour.length > 3 ? colour[3] : 1) * opacity;
      const [a, b] = [luminance([0, 1, 2].map((i) => colour[i] * alpha + under[i] * (1 - alpha))), luminance(under)];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) faint[text.slice(0, 40)] = contrast.toFixed(2);
    }
  };
  look(document);
  return faint;
}
