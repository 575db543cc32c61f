// Shows the posting that the page's endpoint describes; each page says when to call it.
async function showPosting() {
  const answer = await fetch("/careers/scripted/posting.json");
  const posting = await answer.json();
  document.title = posting.title;
  const main = document.createElement("main");
  const heading = document.createElement("h1");
  heading.textContent = posting.title;
  const place = document.createElement("p");
  place.textContent = `${posting.company}, ${posting.place}`;
  const text = document.createElement("div");
  text.innerHTML = posting.descriptionHtml;
  main.append(heading, place, text);
  document.getElementById("root").replaceChildren(main);
}

async function showJsonLd() {
  const answer = await fetch("/careers/scripted/posting.jsonld");
  const script = document.createElement("script");
  script.type = "application/ld+json";
  script.textContent = await answer.text();
  document.head.append(script);
}

// Settles when the attempt has failed or worked, or after a second; what came of it stays visible.
function attempt(name, work) {
  const line = document.createElement("p");
  line.dataset.attempt = name;
  line.textContent = `${name}: open`;
  document.body.append(line);
  const timeout = new Promise((done) => setTimeout(() => done("no answer"), 1000));
  return Promise.race([Promise.resolve().then(work).then(() => "reached"), timeout])
    .catch(() => "failed")
    .then((outcome) => {
      line.textContent = `${name}: ${outcome}`;
    });
}
