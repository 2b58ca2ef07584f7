const form = document.getElementById('login');
const message = document.getElementById('message');
const button = form.querySelector('button');

form.addEventListener('submit', async event => {
  event.preventDefault();
  message.textContent = '';
  button.disabled = true;
  try {
    const response = await fetch('/api/login', {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify({name: form.name.value, password: form.password.value}),
    });
    if (response.ok) {
      location.replace('/');
      return;
    }
    message.textContent = (await response.json()).error;
    form.password.select();
  } catch {
    message.textContent = 'The dashboard cannot be reached.';
  } finally {
    button.disabled = false;
  }
});
