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
  const code = login.shadowRoot?.querySelector('[part~="code"]');
  if (!code?.checkVisibility()) return canvas;
  if (code instanceof SVGSVGElement) drawSvg(context, code);
  else context.drawImage(code, MARGIN, MARGIN, SIDE - 2 * MARGIN, SIDE - 2 * MARGIN);
  return canvas;
}

/** Shape by shape with the colours it has on screen: a serialised copy would leave the element's styles behind. */
function drawSvg(context, svg) {
  const { x, y, width, height } = svg.viewBox.baseVal;
  const scale = (SIDE - 2 * MARGIN) / Math.max(width, height);
  context.setTransform(scale, 0, 0, scale, MARGIN - x * scale, MARGIN - y * scale);
  for (const shape of svg.querySelectorAll('rect, path')) {
    context.fillStyle = getComputedStyle(shape).fill;
    if (shape instanceof SVGPathElement) context.fill(new Path2D(shape.getAttribute('d')));
    else
      context.fillRect(
        shape.x.baseVal.value,
        shape.y.baseVal.value,
        shape.width.baseVal.value,
        shape.height.baseVal.value,
      );
  }
}
