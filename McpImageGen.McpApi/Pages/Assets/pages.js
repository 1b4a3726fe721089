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

// The gallery: what is finished appears by itself, and what waits says how it is.
const cards = document.getElementById('cards');
const gallery = cards?.dataset.events;
if (gallery) {
  const show = async id => {
    const response = await fetch(`${gallery}/${id}/card`).catch(() => null);
    if (!response?.ok) return;
    const fragment = document.createRange().createContextualFragment(await response.text());
    const old = document.getElementById(`job-${id}`);
    if (old) old.replaceWith(fragment);
    else cards.prepend(fragment);
    document.getElementById('empty')?.remove();
  };
  const events = new EventSource(`${gallery}/events`);
  events.addEventListener('finished', event => show(event.data));
  events.addEventListener('alive', () => {
    for (const card of cards.querySelectorAll('[data-unfinished]')) show(card.id.slice('job-'.length));
  });
}
