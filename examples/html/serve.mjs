// Any static server will do. This one needs nothing installed, and takes the element from where npm has put it.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const own = (name) => new URL(name, import.meta.url);
const FILES = {
  '/': [own('index.html'), 'text/html; charset=utf-8'],
  '/style.css': [own('style.css'), 'text/css; charset=utf-8'],
  '/page.js': [own('page.js'), 'text/javascript; charset=utf-8'],
  '/wechat-follow-login.min.js': [
    new URL(import.meta.resolve('wechat-follow-login/wechat-follow-login.min.js')),
    'text/javascript; charset=utf-8',
  ],
};

const port = Number(process.env.PORT ?? 8000);
createServer(({ url = '/' }, response) => {
  const [file, type] = FILES[new URL(url, 'http://localhost').pathname] ?? [];
  if (!file) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
  createReadStream(fileURLToPath(file)).pipe(response);
}).listen(port, '127.0.0.1', () => console.log(`http://localhost:${port}/`));
