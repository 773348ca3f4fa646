// The eye of the phone beside the site. The phone asks for what its camera sees; the answer is a picture of the code as
// it stands on the page at that moment, and the phone has to read it like any camera would.
const phone = document.getElementById('phone');
const phoneOrigin = new URL(phone.src).origin;
const login = document.getElementById('login');

const SIDE = 480;
const MARGIN = 40;

window.addEventListener('message', async (event) => {
  if (event.source !== phone.contentWindow || event.origin !== phoneOrigin) return;
  if (event.data?.type !== 'sandbox-phone:frame-request') return;
  const { id } = event.data;
  const image = await createImageBitmap(photograph());
  phone.contentWindow.postMessage({ type: 'sandbox-phone:frame', id, image }, phoneOrigin, [image]);
});

/** A square picture; an empty sheet when no code is on the page. */
function photograph() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, SIDE, SIDE);
  const code = findCode();
  if (code instanceof SVGSVGElement) drawSvg(context, code);
  else if (code) context.drawImage(code, MARGIN, MARGIN, SIDE - 2 * MARGIN, SIDE - 2 * MARGIN);
  return canvas;
}

function findCode() {
  const shown = login.shadowRoot?.querySelector('[part~="qr"]');
  if (!shown || !shown.checkVisibility()) return null;
  if (shown instanceof SVGSVGElement || shown instanceof HTMLImageElement) return shown;
  return shown.querySelector('svg, img');
}

/** Path by path with the colours it has on screen: the element's styles would not come along in a serialised copy. */
function drawSvg(context, svg) {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const scale = (SIDE - 2 * MARGIN) / Math.max(width, height);
  context.setTransform(scale, 0, 0, scale, MARGIN - x * scale, MARGIN - y * scale);
  for (const shape of svg.querySelectorAll('path, rect')) {
    const { fill, stroke, strokeWidth } = getComputedStyle(shape);
    const path = new Path2D();
    if (shape instanceof SVGPathElement) path.addPath(new Path2D(shape.getAttribute('d')));
    else path.rect(...['x', 'y', 'width', 'height'].map((side) => shape[side].baseVal.value));
    if (fill !== 'none') {
      context.fillStyle = fill;
      context.fill(path);
    }
    if (stroke !== 'none') {
      context.strokeStyle = stroke;
      context.lineWidth = parseFloat(strokeWidth);
      context.stroke(path);
    }
  }
}
