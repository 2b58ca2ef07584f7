// Calls to the dashboard. A refusal becomes an Error with the engine's own words.
let csrf = '';

const toLogin = () => {
  location.replace('/login');
  return new Promise(() => {}); // the page is being left: nothing may go on
};

const answer = async response => {
  if (response.status === 401) return toLogin();
  const body = await response.json().catch(() => ({error: `the dashboard answered ${response.status}`}));
  if (!response.ok) throw new Error(body.error);
  return body;
};

export const get = async path => answer(await fetch(path));

export const post = async (path, body) => {
  const response = await fetch(path, {
    method: 'POST',
    headers: {'Content-Type': 'application/json', 'X-CSRF-Token': csrf},
    body: JSON.stringify(body ?? {}),
  }).catch(() => {
    throw new Error('the dashboard cannot be reached; whether it was done is unknown');
  });
  return answer(response);
};

export const loadSession = async () => {
  const session = await get('/api/session');
  csrf = session.csrf;
  return session;
};

export const logout = async () => {
  await post('/api/logout');
  toLogin();
};
