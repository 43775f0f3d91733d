// Copies one answer. Without this file the text is there to be selected.
document.querySelectorAll("[data-copy]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const answer = button.parentElement.querySelector("[data-copy-text]");
    const status = document.getElementById("kopiert");
    try {
      await navigator.clipboard.writeText(answer.innerText);
      status.textContent = button.dataset.copyDone;
    } catch {
      getSelection().selectAllChildren(answer);
      status.textContent = button.dataset.copyFailed;
    }
  });
});
