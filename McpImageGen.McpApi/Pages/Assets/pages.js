// What pages can do beyond HTML; without it they work all the same.

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector('code').textContent);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}

for (const part of document.querySelectorAll('[data-refresh]')) {
  setInterval(async () => {
    if (document.hidden) return;
    const response = await fetch(part.dataset.refresh).catch(() => null);
    if (response?.ok) part.innerHTML = await response.text();
  }, 5000);
}

// The gallery stays as a reload would show it. Cards that are as they were come empty, and are left alone.
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
    if (document.hidden) return; // browsers have few connections to one server
    events = new EventSource(gallery.dataset.events);
    events.addEventListener('cards', event => show(event.data));
    events.addEventListener('news', event => { document.getElementById('news').textContent = event.data; });
    events.addEventListener('error', () => { if (events.readyState === EventSource.CLOSED) setTimeout(open, 10000); });
  };
  document.addEventListener('visibilitychange', open);
  open();
}
