// Stands between a client and the server, passes everything on as it is, and knows which protocol version they agreed on.
import { createServer, request as send } from 'node:http';
import { pipeline } from 'node:stream';

export async function startWire(url) {
  const { hostname, port, host } = new URL(url);
  let protocol;
  const server = createServer((request, response) => {
    protocol = request.headers['mcp-protocol-version'] ?? protocol;
    const onward = send(
      { hostname, port, path: request.url, method: request.method, headers: { ...request.headers, host }, agent: false },
      answer => {
        response.writeHead(answer.statusCode, answer.headers);
        response.flushHeaders();
        pipeline(answer, response, () => onward.destroy()); // Whichever side ends before time ends the other.
      });
    onward.on('error', () => response.destroy());
    response.on('close', () => response.writableFinished || onward.destroy());
    request.pipe(onward);

    // Not every client says it in a header; the answer to its first call does.
    let asked = '';
    request.on('data', data => asked += data);
    onward.on('response', answer => answer.on('data', data => {
      if (asked.includes('"initialize"'))
        protocol ??= /"protocolVersion":"([\d-]+)"/.exec(data)?.[1];
    }));
  });
  server.keepAliveTimeout = 0; // The client ends its connections, or else one could end just as it sends.
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: url.replace(host, `127.0.0.1:${server.address().port}`),
    protocol: () => protocol,
    close: () => { server.close(); server.closeAllConnections(); },
  };
}
