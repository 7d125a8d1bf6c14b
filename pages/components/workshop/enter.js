// Hands over the secret after the # of the facilitator's link, and takes it out of the address bar.
"use strict";
(() => {
  const secret = location.hash.slice(1), form = document.getElementById("enter");
  if (!secret || !form) return;
  history.replaceState(null, "", location.pathname);
  document.getElementById("secret").value = decodeURIComponent(secret);
  form.submit();
})();
