// Progressive enhancement: the pages also work without this script.

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
  let events;
  const open = () => {
    events?.close();
    if (document.hidden) return; // browsers limit the number of connections to one server
    events = new EventSource(gallery.dataset.events);
    events.addEventListener('cards', event => show(event.data));
    events.addEventListener('news', event => { document.getElementById('news').textContent = event.data; });
    events.addEventListener('error', () => { if (events.readyState === EventSource.CLOSED) setTimeout(open, 10000); });
  };
  document.addEventListener('visibilitychange', open);
  open();
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
  const source = new EventSource(events);
  source.addEventListener('open', look);
  source.addEventListener('finished', event => { if (event.data === job) look(); });
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
      const input = parameter.querySelector('input, textarea');
      for (const range of ranges) range.hidden = range !== taken;
      for (const names of parameter.querySelectorAll('.models')) names.hidden = true;
      parameter.hidden = input.disabled = !taken;
      if (taken && input.type === 'number') {
        input.min = taken.dataset.least;
        input.max = taken.dataset.most;
        input.placeholder = taken.dataset.default ?? '';
      }
    }
  };
  generate.elements.model.addEventListener('change', fit);
  addEventListener('pageshow', fit);
  fit();
}
