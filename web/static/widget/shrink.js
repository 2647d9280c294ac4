/** Makes a shopper's picture ready to be sent: upright, no longer than the door keeps it, without metadata. */

const LONGEST_PX = 1_600;
const PREVIEW_PX = 480;
const LARGEST_BYTES = 60 * 1024 * 1024;
const JPEG = "image/jpeg";
const QUALITY = 0.86;
const PREVIEW_QUALITY = 0.7;

/** A file that cannot be sent; `code` as in docs/frames.md, or `too_large`. */
export class PictureError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** The file that a data address made here stands for. */
export function fileOf(data) {
  const bytes = Uint8Array.from(atob(data.slice(data.indexOf(",") + 1)), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: JPEG });
}

/** Width and height within a square of `longest`, never larger than they are. */
export function fitted(width, height, longest) {
  const share = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share))];
}

function drawn(source, longest) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = fitted(source.width, source.height, longest);
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // what is transparent would become black in a JPEG
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/**
 * `{"data","preview","width","height"}` of a file: a JPEG and a small one, both as data addresses, so that they can be
 * kept as text. Throws PictureError.
 */
export async function shrink(file) {
  if (file.size > LARGEST_BYTES) throw new PictureError("too_large");
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new PictureError("bad_image");
  }
  try {
    const canvas = drawn(bitmap, LONGEST_PX);
    const data = canvas.toDataURL(JPEG, QUALITY);
    if (!data.startsWith(`data:${JPEG}`)) throw new PictureError("bad_image"); // no room for the canvas
    const preview = drawn(canvas, PREVIEW_PX).toDataURL(JPEG, PREVIEW_QUALITY);
    return { data, preview, width: canvas.width, height: canvas.height };
  } finally {
    bitmap.close();
  }
}
