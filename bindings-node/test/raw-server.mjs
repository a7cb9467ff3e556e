/** A small HTTP server, optionally with TLS and its own authority, that can disconnect while it receives a body. */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { TLSSocket } from 'node:tls';

const TOKEN = '{"access_token": "t", "token_type": "bearer", "expires_in": 3000}';
const NEW = 'req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256'.split(' ');

/** Creates a certificate authority, and its certificate for localhost. They are removed after the file's tests. */
export function makeAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'egito-authority-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'authority.pem');
  /** @param {string[]} options */
  const openssl = (...options) => execFileSync('openssl', [...NEW, ...options], { cwd: folder, stdio: 'pipe' });
  openssl('-keyout', 'authority.key', '-out', file, '-subj', '/CN=Test authority');
  const of = ['-CA', file, '-CAkey', 'authority.key', '-addext', 'subjectAltName=DNS:localhost'];
  const end = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  openssl('-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=localhost', ...of, ...end);
  return {
    folder,
    file,
    cert: readFileSync(join(folder, 'server.pem')),
    key: readFileSync(join(folder, 'server.key')),
  };
}

/**
 * Starts a server that responds to logins, and to other requests with a record. With `disconnect` it closes the connection of these
 * after their header.
 *
 * @param {{ authority?: ReturnType<typeof makeAuthority> | undefined, disconnect?: 'fin' | 'rst' | undefined }} options
 */
export async function startRawServer({ authority, disconnect }) {
  const server = createServer((socket) => {
    socket.on('error', () => {}); // the client may have disconnected
    const stream = authority
      ? new TLSSocket(socket, { isServer: true, cert: authority.cert, key: authority.key })
      : socket;
    stream.on('error', () => {});
    let received = '';
    stream.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const head = received.indexOf('\r\n\r\n');
      if (head === -1) {
        return;
      }
      const isLogin = received.includes('/oauth/token');
      if (disconnect && !isLogin) {
        stream.removeAllListeners('data').pause();
        disconnect === 'rst' ? socket.resetAndDestroy() : socket.destroySoon();
        return;
      }
      const length = Number(/^content-length: (\d+)/im.exec(received)?.[1] ?? 0);
      if (received.length >= head + 4 + length) {
        received = '';
        const body = isLogin ? TOKEN : '{"id": 1}';
        stream.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
        );
      }
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  after(() => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const baseUrl = authority ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  return { baseUrl, clientId: 'a', clientSecret: 'b', username: 'c', password: 'd', maxRetries: 0 };
}
