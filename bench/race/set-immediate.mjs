// The fake clock lets everything run between two ticks by Node's setImmediate; this is the browser's nearest.
const { port1, port2 } = new MessageChannel();
const waiting = [];
port1.addEventListener('message', () => waiting.shift()());
port1.start();

export function setImmediate(run) {
  waiting.push(run);
  port2.postMessage(null);
}
