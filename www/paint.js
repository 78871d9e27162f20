// Draws messages in flight on the canvas between the stage's two layers. What is drawn where comes from the module as six
// numbers per mark: look, x, y, then the direction (a dot) or the far end and the width (a flow).
const STRIDE = 6;
const SHAPES = 8; // look = colour × 8 + shape
const COLOURS = ['--a', '--b', '--mute', '--ink', '--bad', '--dl', '--job0', '--job1', '--job2', '--job3', '--job4'];
const [DOT, RING, STAR, SQUARE, SMALL, FLOW] = [0, 1, 2, 3, 4, 5];

export class Painter {
  #context;
  #colours = [];
  #learnt = -1000;
  #buckets = [];

  constructor(canvas) {
    this.canvas = canvas;
    this.#context = canvas.getContext('2d');
  }

  /** The stage has this size now. */
  fit(width, height) {
    const { canvas } = this.#context;
    const ratio = Math.min(3, Math.max(1, devicePixelRatio));
    if (canvas.width !== Math.floor(width * ratio) || canvas.height !== Math.floor(height * ratio)) {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
    }
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** The theme may have changed. */
  forget() {
    this.#learnt = -1000;
  }

  /** Asks for the theme's colours once a second: asked right after the DOM was changed, it would lay the page out at once. */
  #learn() {
    const now = performance.now();
    if (now < this.#learnt + 1000) return;
    this.#learnt = now;
    const style = getComputedStyle(this.#context.canvas);
    this.#colours = COLOURS.map((name) => style.getPropertyValue(name));
  }

  /** One path per look: a fill or a stroke per colour and shape, however many there are. */
  draw(marks, paused) {
    const context = this.#context;
    this.#learn();
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    context.canvas.dataset.dots = marks.length / STRIDE;
    for (let i = 0; i < marks.length; i += STRIDE) (this.#buckets[marks[i]] ??= []).push(i);
    this.#buckets.forEach((bucket, look) => {
      if (!bucket.length) return;
      const shape = look % SHAPES;
      context.strokeStyle = context.fillStyle = this.#colours[(look - shape) / SHAPES];
      if (shape === FLOW) this.#flows(marks, bucket);
      else this.#dots(marks, bucket, shape, paused);
      bucket.length = 0;
    });
  }

  #dots(marks, bucket, shape, paused) {
    const context = this.#context;
    context.beginPath();
    for (const i of bucket) {
      const x = marks[i + 1];
      const y = marks[i + 2];
      if (shape === DOT || shape === RING) {
        const r = shape === DOT ? 3.6 : 3.2;
        context.moveTo(x + r, y);
        context.arc(x, y, r, 0, 7);
      } else if (shape === STAR) {
        for (const [dx, dy] of [[5, 0], [2.5, 4.3], [-2.5, 4.3]]) {
          context.moveTo(x - dx, y - dy);
          context.lineTo(x + dx, y + dy);
        }
      } else {
        const r = shape === SQUARE ? 3.2 : 1.5;
        context.rect(x - r, y - r, 2 * r, 2 * r);
      }
      if (paused && shape !== SMALL) arrow(context, x, y, marks[i + 3], marks[i + 4]);
    }
    context.lineWidth = 1.8;
    if (shape === RING || shape === STAR) context.stroke();
    else context.fill();
  }

  #flows(marks, bucket) {
    const context = this.#context;
    context.globalAlpha = 0.5;
    for (const i of bucket) {
      context.lineWidth = marks[i + 5];
      context.beginPath();
      context.moveTo(marks[i + 1], marks[i + 2]);
      context.lineTo(marks[i + 3], marks[i + 4]);
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

/** When nothing moves, heads say where things are going. */
function arrow(context, x, y, dx, dy) {
  const length = Math.hypot(dx, dy) || 1;
  const [c, s] = [dx / length, dy / length];
  const at = (along, across) => [x + c * along - s * across, y + s * along + c * across];
  context.moveTo(...at(11, 0));
  context.lineTo(...at(5.5, 3.4));
  context.lineTo(...at(5.5, -3.4));
  context.lineTo(...at(11, 0));
}
