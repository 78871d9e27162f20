// What the single file brings along. www/second-leader.js and www/says.js ask here before they ask the network.
globalThis.secondLeaderAssets = (() => {
  const glue = 'GLUE';
  const [packed, size, text] = ['WASM', 'SIZE', 'TEXT']; // the module, and from `text` on the files as JSON
  const whole = unpack(Uint8Array.from(atob(packed), (c) => c.charCodeAt(0)), size);
  const { styles, texts } = JSON.parse(new TextDecoder().decode(whole.subarray(text)));
  const made = new Map();
  const load = async () => {
    const module = glue();
    await module.default({ module_or_path: whole.slice(0, text) });
    return module;
  };
  return {
    /** The module, with the panels; one for each generation. */
    module: (generation) => {
      if (!made.has(generation)) made.set(generation, load());
      return made.get(generation);
    },
    /** A style sheet's text. */
    style: (name) => styles[name],
    /** A file's text; undefined when it is not here. */
    text: (name) => (Object.hasOwn(texts, name) ? texts[name] : undefined),
  };
})();
