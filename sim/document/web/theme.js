/* light or dark as the reader's system is; light on paper */
{
  const page = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => { page.dataset.theme = dark.matches ? "dark" : "light"; };
  dark.addEventListener("change", follow);
  addEventListener("beforeprint", () => { page.dataset.theme = "light"; });
  addEventListener("afterprint", follow);
  follow();
}
