// Progressive enhancement: the pages also work without this script.

// Listens to an event stream while the tab is visible. All tabs share one connection for each view, where the browser has shared workers.
const eventsScript = new URL('events.js', document.currentScript.src);
const listen = (path, handlers) => {
  const address = new URL(path, location).href;
  let stop;
  const share = () => {
    const worker = new SharedWorker(eventsScript);
    const { port } = worker;
    // If its script could not be loaded, for example because the network changed, or nothing comes from it, this tab has a connection of its own.
    const alone = () => { end(); stop = connect(); };
    const silence = setTimeout(alone, 5000);
    worker.onerror = alone;
    port.onmessage = ({ data: { name, data } }) => { clearTimeout(silence); handlers[name]?.(data); };
    port.postMessage({ join: address });
    return () => { clearTimeout(silence); port.postMessage({ leave: address }); port.onmessage = worker.onerror = null; };
  };
  const connect = () => {
    const source = new EventSource(address);
    for (const [name, handle] of Object.entries(handlers)) source.addEventListener(name, event => handle(event.data));
    let retry;
    source.addEventListener('error', () => { if (source.readyState === EventSource.CLOSED) retry = setTimeout(start, 10000); });
    return () => { clearTimeout(retry); source.close(); };
  };
  const end = () => { stop?.(); stop = null; };
  const start = () => {
    end();
    if (!document.hidden) stop = window.SharedWorker ? share() : connect();
  };
  document.addEventListener('visibilitychange', start);
  addEventListener('pagehide', end);
  addEventListener('pageshow', event => { if (event.persisted) start(); });
  start();
};

for (const button of document.querySelectorAll('[data-copy]')) {
  const label = button.textContent;
  const source = document.getElementById(button.dataset.copy) ?? button.parentElement.querySelector('code');
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

for (const part of document.querySelectorAll('[data-refresh]')) {
  setInterval(async () => {
    if (document.hidden) return;
    const response = await fetch(part.dataset.refresh).catch(() => null);
    if (response?.ok) part.innerHTML = await response.text();
  }, 5000);
}

// Keeps the gallery up to date. Unchanged cards are sent empty and are not replaced.
const gallery = document.getElementById('gallery');
if (gallery?.dataset.events) {
  const cards = document.getElementById('cards');
  const show = html => {
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    for (const id of ['before-cards', 'after-cards'])
      document.getElementById(id).replaceChildren(...fresh.getElementById(id).childNodes);
    const wanted = [...fresh.getElementById('cards').children];
    const ids = new Set(wanted.map(card => card.id));
    for (const card of [...cards.children]) if (!ids.has(card.id)) card.remove();
    wanted.forEach((card, place) => {
      const old = document.getElementById(card.id);
      if (old?.dataset.version === card.dataset.version) return;
      const hadFocus = old?.contains(document.activeElement);
      if (old) old.replaceWith(card); else cards.insertBefore(card, cards.children[place] ?? null);
      if (hadFocus) card.querySelector('a').focus({ preventScroll: true });
    });
  };
  listen(gallery.dataset.events, { cards: show, news: text => { document.getElementById('news').textContent = text; } });
}

// The page of an unfinished job: updates its status, and shows the image when the job is finished.
const state = document.getElementById('state');
if (state?.dataset.events) {
  const { job, page, events } = state.dataset;
  const look = async () => {
    const response = await fetch(page).catch(() => null);
    if (!response?.ok) return;
    const now = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('state');
    if (!now?.dataset.events) location.replace(page);
    else if (now.textContent !== state.textContent) state.replaceChildren(...now.childNodes);
  };
  listen(events, { open: look, finished: id => { if (id === job) look(); } });
  setInterval(() => { if (!document.hidden) look(); }, 5000);
}

// The form for new images: shows only the parameters that the chosen model supports.
const generate = document.getElementById('generate');
if (generate) {
  const fit = () => {
    const model = generate.elements.model.value;
    for (const parameter of generate.querySelectorAll('.parameter')) {
      const ranges = [...parameter.querySelectorAll('[data-models]')];
      const taken = ranges.find(range => range.dataset.models.split(' ').includes(model));
      const input = parameter.querySelector('input, textarea, select');
      for (const range of ranges) range.hidden = range !== taken;
      for (const names of parameter.querySelectorAll('.models')) names.hidden = true;
      parameter.hidden = input.disabled = !taken;
      if (taken && input.type === 'number') {
        input.min = taken.dataset.min;
        input.max = taken.dataset.max;
        input.placeholder = taken.dataset.default ?? '';
      }
    }
  };
  generate.elements.model.addEventListener('change', fit);
  addEventListener('pageshow', fit);
  fit();
}
