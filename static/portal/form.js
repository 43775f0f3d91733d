// Dependent questions and repetitions change in place. The server decides what there is; without this file
// the same buttons load the page anew. Words come from the page.
"use strict";
{
  const part = () => document.getElementById("schritt");
  const controls = (place) => [...place.querySelectorAll("input[id], select[id], textarea[id]")];
  const value = (control) => (["checkbox", "radio"].includes(control.type) ? control.checked : control.value);

  let running = null; // the request under way, and the one that waits for it

  const send = async (values, told, focus) => {
    if (running) {
      running.next = [values, told, focus];
      return;
    }
    const now = { values, told, focus };
    running = now;
    await htmx.ajax("POST", part().closest("form").action, {
      source: "#schritt", target: "#schritt", select: "#schritt", swap: "outerHTML show:none", values,
    });
    running = null;
    if (now.next) send(...now.next);
  };

  // What was typed while the answer was on its way, and files that wait for the next button.
  const sent = new WeakMap(); // by request: what stood in its place when it was sent,
  const kept = new WeakMap(); // and the controls that had changed when its answer came

  const changed = (control, before) => (control.type === "file" ? control.files.length : value(control) !== before.get(control.id));

  const restore = (control) => {
    const fresh = document.getElementById(control.id);
    if (fresh?.type !== control.type) return;
    const before = fresh.value;
    if (control.type === "file") fresh.replaceWith(control);
    else if (["checkbox", "radio"].includes(control.type)) fresh.checked = control.checked;
    else fresh.value = control.value;
    if (fresh.selectedIndex === -1) fresh.value = before; // the list has no such entry any more
  };

  // A long list is narrowed to what is typed above it. Without this file the list is whole and the box is not there.
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ß", "ss").toLowerCase();

  const narrow = (box, list, options, told) => {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    const fits = (option) => option.value && words.every((word) => plain(option.text).includes(word));
    const begins = (option) => plain(option.text).startsWith(words[0]);
    const fitting = words.length ? options.filter(fits) : [];
    const found = [...fitting.filter(begins), ...fitting.filter((option) => !begins(option))];
    const chosen = list.selectedOptions[0];
    const kept = chosen?.value && !found.includes(chosen) ? [chosen] : [];
    list.replaceChildren(...(words.length ? [options[0], ...found, ...kept] : options));
    list.value = chosen?.value ?? "";
    told.textContent = words.length ? `${told.dataset.found} ${found.length}` : "";
    return found;
  };

  const offerSearch = (search) => {
    const [list, box, told] = [document.getElementById(search.dataset.searches), search.querySelector("input"), search.querySelector("p")];
    if (!list || !search.hidden) return;
    const options = [...list.options];
    search.hidden = false;
    box.addEventListener("input", () => narrow(box, list, options, told));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // no form is sent from here: the first one found is taken
      const [best] = narrow(box, list, options, told);
      if (best) {
        list.value = best.value;
        list.dispatchEvent(new Event("change", { bubbles: true }));
      }
      list.focus();
    });
    if (box.value) narrow(box, list, options, told);
  };
  document.querySelectorAll("[data-searches]").forEach(offerSearch);

  // The same request once more as an ordinary one: its page says what is the matter.
  const plainly = (values) => {
    const form = part().closest("form");
    for (const [name, text] of Object.entries(values)) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value: text });
      form.append(field);
    }
    form.submit();
  };

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    sent.set(detail.xhr, new Map(controls(detail.target).map((control) => [control.id, value(control)])));
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    kept.set(detail.xhr, controls(detail.target).filter((control) => changed(control, sent.get(detail.xhr))));
    if (!running || detail.target.id !== "schritt") return;
    if (detail.isError) {
      detail.shouldSwap = false;
      plainly(running.values);
    } else if (!detail.serverResponse.includes('id="schritt"')) {
      detail.shouldSwap = false;
      location.assign(detail.xhr.responseURL);
    }
  });
  document.addEventListener("htmx:sendError", () => running && plainly(running.values));
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    kept.get(detail.xhr)?.forEach(restore);
    if (!running) return;
    document.querySelectorAll("[data-searches]").forEach(offerSearch);
    document.getElementById("schritt-meldung").textContent = running.told ?? part().dataset.status;
    document.getElementById(running.focus)?.focus();
  });

  // A list that asks for its values asks again: what came fits the choice before. Only now does htmx listen to it.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    for (const control of kept.get(detail.xhr) ?? []) {
      const asks = control.hasAttribute("hx-post") && document.getElementById(control.id);
      if (asks) asks.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  document.addEventListener("change", ({ target }) => {
    if (target.closest("#schritt [data-refresh]") && !target.closest("[data-searches]")) send({ refresh: "1" });
  });
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.closest("#schritt") || button.dataset.done === undefined) return;
    event.preventDefault();
    send({ [button.name]: button.value }, button.dataset.done, button.dataset.focus);
  });
}
