// Tells once when its place comes near the window: a figure of the long page is drawn only then.

export default function ({ parentElement, setTriggerValue }) {
  const host = parentElement.host ?? parentElement;
  const watch = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) { watch.disconnect(); setTriggerValue("seen", true); }
  }, { rootMargin: "600px" });
  watch.observe(host);
  return () => watch.disconnect();
}
