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
