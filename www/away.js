// What leaves the page: texts to the clipboard, files, pictures.

/** Puts a text into the clipboard. False: the browser does not let us. */
export const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
};

/** Paints an SVG, so many times its size; resolves to a PNG. */
export async function png(svg, scale = 2) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    image.src = address;
    await image.decode();
  } catch (cause) {
    throw new Error("The browser did not draw the picture. If the page has a content security policy, it must allow blob: in img-src; exportImage('svg') needs nothing.", { cause });
  } finally {
    URL.revokeObjectURL(address);
  }
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width * scale, height: image.height * scale });
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => { canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('the browser made no picture'))), 'image/png'); });
}

/** Offers a text as a file; an SVG that is wanted as PNG is painted first. */
export async function save(name, kind, text) {
  const blob = kind === 'image/png' ? await png(text) : new Blob([text], { type: kind });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
