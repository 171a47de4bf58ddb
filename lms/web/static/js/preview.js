// The preview of a course: shows the page again as soon as the author has saved.
const address = document.querySelector("meta[name=preview]").content;
const events = new EventSource(address);
events.onmessage = () => {
  events.close();
  location.reload();
};
