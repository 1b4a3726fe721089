// A shared worker: it holds one event stream for all tabs that show the same view, because browsers limit the number of connections to one server.
const names = ['open', 'cards', 'news', 'finished'];
const streams = new Map();

const connect = (address, stream) => {
  stream.source?.close();
  clearTimeout(stream.retry);
  const source = stream.source = new EventSource(address);
  for (const name of names)
    source.addEventListener(name, event => { for (const port of stream.ports) port.postMessage({ name, data: event.data }); });
  source.addEventListener('error', () => {
    if (source.readyState === EventSource.CLOSED) stream.retry = setTimeout(() => connect(address, stream), 10000);
  });
};

const join = (address, port) => {
  if (!streams.has(address)) streams.set(address, { ports: new Set() });
  const stream = streams.get(address);
  stream.ports.add(port);
  // A new connection starts with all cards; the one under way sends only changes, which the new tab may have missed.
  connect(address, stream);
};

const leave = (address, port) => {
  const stream = streams.get(address);
  if (!stream?.ports.delete(port) || stream.ports.size > 0) return;
  stream.source.close();
  clearTimeout(stream.retry);
  streams.delete(address);
};

onconnect = ({ ports: [port] }) => {
  port.onmessage = ({ data: { join: joined, leave: left } }) => {
    if (joined) join(joined, port);
    if (left) leave(left, port);
  };
};
