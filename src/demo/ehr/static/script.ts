// The EHR's one script, sent to browsers as it stands: it fetches chart fragments, asks for reminders every five seconds
// and keeps the message line open. It is written as such scripts were, and whatever goes wrong is simply not shown.

const POLL_MILLISECONDS = 5000;

export const script = `
(function () {
  function fetchText(address, done) {
    var request = new XMLHttpRequest();
    request.open('GET', address);
    request.onload = function () { if (request.status === 200) done(request.responseText); };
    request.send();
  }

  function show(element, text) { if (element.textContent !== text) element.textContent = text; }

  function fillFragments() {
    var places = document.querySelectorAll('[data-fragment]');
    Array.prototype.forEach.call(places, function (place) {
      fetchText(place.getAttribute('data-fragment'), function (html) { place.innerHTML = html; });
    });
  }

  function pollReminders() {
    var place = document.getElementById('reminders');
    if (!place) return;
    function ask() {
      fetchText('/poll/reminders', function (text) {
        var answer;
        try { answer = JSON.parse(text); } catch (error) { return; }
        if (answer.timeoutMessage === 'timeout') { window.top.location.href = '/login'; return; }
        show(place, answer.reminders + ' reminders');
        show(document.getElementById('carried'), answer.patient || '');
      });
    }
    window.askForReminders = ask;
    ask();
    setInterval(ask, ${POLL_MILLISECONDS});
  }

  function tellBanner() {
    if (!document.querySelector('.patient')) return;
    try { window.top.frames[0].askForReminders(); } catch (error) { /* shown without its frames */ }
  }

  function openMessages() {
    var log = document.getElementById('messages');
    var form = document.getElementById('message-form');
    if (!log || !form) return;
    var socket = new WebSocket(location.protocol.replace('http', 'ws') + '//' + location.host + '/ws/messages');
    function add(text) {
      var line = document.createElement('div');
      line.textContent = text;
      log.appendChild(line);
      log.scrollTop = log.scrollHeight;
    }
    socket.onmessage = function (event) { add(event.data); };
    socket.onclose = function () { add('The message line is closed.'); };
    form.onsubmit = function (event) {
      event.preventDefault();
      if (form.text.value && socket.readyState === 1) socket.send(form.text.value);
      form.text.value = '';
    };
  }

  document.addEventListener('DOMContentLoaded', function () {
    fillFragments();
    pollReminders();
    tellBanner();
    openMessages();
  });
})();
`.trimStart();
