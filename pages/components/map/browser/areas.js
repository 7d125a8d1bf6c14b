/* The browser's half of map/draw.py. It keeps shapes that were fetched once and
   only restyles them when a new description of the map arrives: no rebuild, no flash. */
(function () {
  "use strict";

  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, inertia: false });
  }

  const files = {}; // address -> promise of the GeoJSON behind it
  const kept = {}; // layer id -> what is on the map and the description it was drawn from
  let map = null;
  let turn = 0; // only the newest description is drawn, however late its shapes arrive
  let clicks = 0;
  let view = null;
  let looks = null;
  const UNDER = 28; // px for the line under a map on the stage
  const SNAP = 0.25; // of a zoom level
  const SHEET = 680; // pixels between the margins of an A4 or letter page

  function shapes(address) {
    // The address carries the checksum of the file, so an old copy is never a wrong copy.
    files[address] ??= fetch(address, { cache: "force-cache" }).then((answer) => answer.json());
    return files[address];
  }

  function escape(text) {
    const span = document.createElement("span");
    span.textContent = text;
    return span.innerHTML;
  }

  function nameOf(feature) {
    const { name, local_name: local, short_name: short } = feature.properties;
    return short || (local ? `${local} (${name})` : name.replace(/^NHS (.*) CCG$/, "$1"));
  }

  function choose(code) {
    clicks += 1;
    Streamlit.setComponentValue({ clicked: code, count: clicks });
  }

  function pane(name, level, touchable) {
    if (!map.getPane(name)) {
      map.createPane(name).style.zIndex = level;
      if (!touchable) map.getPane(name).style.pointerEvents = "none";
    }
    return name;
  }

  /* Areas coloured by class. ``digits`` holds one character an area, in the order of the file, and
     ``values`` one value; or, with ``places``, each different pair once and one character an area. */
  const PLACES = Array.from({ length: 75 }, (_, n) => String.fromCharCode(48 + n)).filter((c) => c !== "\\").join("");

  const at = (spec, i) => (spec.places ? PLACES.indexOf(spec.places[i]) : i);

  function areaStyle(spec, i) {
    const digit = spec.digits[at(spec, i)];
    const known = digit !== "-";
    return {
      fillColor: known ? spec.colours[parseInt(digit, 36)] : "url(#no-data)",
      fillOpacity: looks.tiles ? 0.62 : 1,
      color: looks.ground,
      weight: spec.weight,
      opacity: 1,
    };
  }

  function areaText(spec, i) {
    const digit = spec.digits[at(spec, i)];
    const value = spec.values[at(spec, i)];
    if (digit === "-") return "no data";
    const words = spec.words[parseInt(digit, 36)];
    if (value === null || value === undefined) return words;
    const decimals = spec.decimals || 0;
    const shown = typeof value === "number" ? (value / 10 ** decimals).toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }) : value;
    return `${shown}${spec.unit ? (spec.unit === "%" ? "%" : " " + spec.unit) : ""}${spec.say ? ", " + words : ""}`;
  }

  function drawAreas(spec, collection) {
    const entry = { spec, parts: [] };
    entry.layer = L.geoJSON(collection, {
      style: () => ({ lineJoin: "round" }),
      onEachFeature: (feature, part) => {
        const i = entry.parts.length;
        entry.parts.push(part);
        part.bindTooltip(() => `<b>${escape(nameOf(feature))}</b><br>${escape(areaText(entry.spec, i))}`, { sticky: true, className: "told" });
        part.on("click", () => entry.spec.select && choose(feature.properties.code));
      },
    }).addTo(map);
    // A tooltip listens for focus, which would make each area a tab stop without a name, hundreds of them before
    // the zoom buttons. The list of places on the page is the keyboard's way.
    entry.parts.forEach((part) => L.DomEvent.off(part.getElement()));
    noDataPattern();
    restyleAreas(entry, spec, true);
    return entry;
  }

  function restyleAreas(entry, spec, all) {
    const before = all ? null : entry.spec;
    entry.spec = spec;
    entry.parts.forEach((part, i) => {
      const style = areaStyle(spec, i);
      if (before && areaStyle(before, i).fillColor === style.fillColor) return;
      part.setStyle(style);
    });
  }

  function drawOutline(spec, collection) {
    // A pale casing under the line keeps it visible over dark and light areas alike.
    const line = (colour, weight) => ({ pane: pane("outlines", 450, false), interactive: false, style: { color: colour, weight, fill: false, lineJoin: "round" } });
    const casing = L.geoJSON(collection, line(looks.ground, spec.weight + 1.8));
    const rim = L.geoJSON(collection, line(spec.colour, spec.weight));
    if (spec.names) rim.eachLayer((part) => part.bindTooltip(escape(nameOf(part.feature)), { permanent: true, direction: "center", className: "named", interactive: false }));
    return { layer: L.layerGroup([casing, rim]).addTo(map) };
  }

  const PATHS = {
    circle: '<circle cx="10" cy="10" r="8.6"/>',
    square: '<rect x="2" y="2" width="16" height="16" rx="1.5"/>',
    diamond: '<path d="M10 .8 19.2 10 10 19.2.8 10Z"/>',
    triangle: '<path d="M10 1.4 19 18H1Z"/>',
    cross: '<path d="M7 1.5h6V7h5.5v6H13v5.5H7V13H1.5V7H7Z"/>',
  };

  function drawPoints(spec) {
    const group = L.layerGroup();
    for (const [lat, lon, radius, code, name, text] of spec.rows) {
      const side = 2 * radius;
      const mark = L.marker([lat, lon], {
        keyboard: false, // the list beside the map is the keyboard's way; a hundred tab stops are not
        pane: pane("points", 620, true),
        icon: L.divIcon({
          className: "mark",
          iconSize: [side, side],
          html: `<svg viewBox="0 0 20 20" width="${side}" height="${side}" aria-hidden="true" style="fill:${spec.colour};fill-opacity:${spec.opacity}">${PATHS[spec.shape]}</svg>`,
        }),
      });
      mark.bindTooltip(`<b>${escape(name)}</b>${text ? "<br>" + escape(text) : ""}`, spec.names ? { permanent: true, direction: "right", offset: [radius, 0], className: "named" } : { direction: "top", offset: [0, -radius], className: "told" });
      if (spec.select) mark.on("click", () => choose(code));
      group.addLayer(mark);
    }
    return { layer: group.addTo(map) };
  }

  /* Land around the area, coarse: its edge is as wide as its generalisation, so no gap shows. */
  function drawLand(spec, collection) {
    const weight = () => Math.max(1.5, 450 / (156543 * Math.cos((52.6 * Math.PI) / 180) / 2 ** map.getZoom()));
    const layer = L.geoJSON(
      { type: "FeatureCollection", features: collection.features.filter((f) => f.properties.code !== spec.without) },
      { pane: pane("land", 150, false), interactive: false, style: { fillColor: spec.colour, fillOpacity: 1, color: spec.colour, weight: weight() } },
    ).addTo(map);
    const widen = () => layer.setStyle({ weight: weight() });
    map.on("zoomend", widen);
    layer.on("remove", () => map.off("zoomend", widen));
    return { layer };
  }

  function drawTiles(spec) {
    const layer = L.tileLayer(spec.address, { maxZoom: 18, attribution: spec.credit });
    const word = L.control({ position: "topright" });
    word.onAdd = () => L.DomUtil.create("div", "failed");
    layer.on("add", () => word.addTo(map).getContainer().setAttribute("role", "status"));
    layer.on("remove", () => word.remove());
    layer.on("tileerror", () => (word.getContainer().textContent = spec.failed));
    layer.on("tileload", () => (word.getContainer().textContent = ""));
    return { layer: layer.addTo(map) };
  }

  function drawChosen(spec, nothing, collections) {
    const rim = { pane: pane("chosen", 480, false), interactive: false, fill: false, lineJoin: "round" };
    const group = L.layerGroup();
    const found = collections.flatMap((c) => c.features).find((f) => f.properties.code === spec.code);
    const points = looks.layers.filter((l) => l.kind === "points").flatMap((l) => l.rows);
    const point = points.find((row) => row[3] === spec.code);
    let bounds = null;
    if (found) {
      const halo = L.geoJSON(found, { style: { ...rim, color: looks.ground, weight: 6 }, ...rim });
      group.addLayer(halo).addLayer(L.geoJSON(found, { style: { ...rim, color: looks.ink, weight: 3 }, ...rim }));
      bounds = halo.getBounds();
    } else if (point) {
      group.addLayer(L.circleMarker([point[0], point[1]], { ...rim, radius: point[2] + 5, color: looks.ink, weight: 3 }));
      bounds = L.latLng(point[0], point[1]).toBounds(10);
    }
    if (bounds && !map.getBounds().intersects(bounds)) map.panTo(bounds.getCenter());
    return { layer: group.addTo(map) };
  }

  function noDataPattern() {
    const picture = document.querySelector(".leaflet-overlay-pane svg");
    if (!picture || picture.querySelector("#no-data")) return;
    const holder = document.createElementNS("http://www.w3.org/2000/svg", "defs");
    holder.innerHTML = '<pattern id="no-data" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--ground)"/><rect width="2" height="6" fill="var(--muted)"/></pattern>';
    picture.prepend(holder);
  }

  const DRAW = { areas: drawAreas, outline: drawOutline, points: drawPoints, land: drawLand, tiles: drawTiles, chosen: drawChosen };

  async function show(spec) {
    const mine = ++turn;
    const needed = spec.layers.map((layer) => (layer.file ? shapes(layer.file) : null));
    const collections = await Promise.all(needed);
    if (mine !== turn) return;
    const lookChanged = !looks || looks.ground !== spec.ground || looks.tiles !== spec.tiles;
    looks = spec;
    for (const name of ["ink", "muted", "ground", "sea"]) document.documentElement.style.setProperty("--" + name, spec[name]);
    const frame = map.getContainer();
    const list = spec.layers.some((layer) => layer.select) ? " To choose by keyboard, use the list on this page." : "";
    frame.setAttribute("aria-label", spec.caption + " Arrow keys move the map, plus and minus zoom." + list);
    if (window.frameElement) window.frameElement.title = spec.caption;
    if (JSON.stringify(spec.fit) !== JSON.stringify(view)) {
      view = spec.fit;
      map.fitBounds(view, { animate: false, padding: [6, 6] });
    }

    const present = new Set(spec.layers.map((layer) => layer.id));
    for (const id of Object.keys(kept)) {
      if (present.has(id)) continue;
      kept[id].layer.remove();
      delete kept[id];
    }
    const shapesOfAreas = collections.filter((c, n) => spec.layers[n].kind === "areas");
    spec.layers.forEach((layer, n) => {
      const said = JSON.stringify(layer);
      const old = kept[layer.id];
      if (old && layer.kind === "areas" && old.file === layer.file) {
        restyleAreas(old, layer, lookChanged || old.spec.weight !== layer.weight);
        return;
      }
      if (old && old.said === said && !lookChanged) return;
      if (old) old.layer.remove();
      kept[layer.id] = Object.assign(DRAW[layer.kind](layer, collections[n], shapesOfAreas), { said, file: layer.file });
    });
    frame.dataset.shown = String(mine);
  }

  /* A printed page is laid out anew, but no map hears of it: narrow it first, with the same area in view. */
  function printable(frame) {
    let screen = null;
    window.addEventListener("beforeprint", () => {
      if (screen || frame.clientWidth <= SHEET) return;
      screen = [map.getCenter(), map.getZoom()];
      const whole = map.getBounds().contains(view);
      const narrower = map.getScaleZoom(SHEET / frame.clientWidth);
      frame.style.width = SHEET + "px";
      map.options.zoomSnap = 0;
      map.invalidateSize({ animate: false });
      if (whole) map.fitBounds(view, { animate: false, padding: [6, 6] });
      else map.setView(screen[0], narrower, { animate: false });
    });
    window.addEventListener("afterprint", () => {
      if (!screen) return;
      frame.style.width = "";
      map.options.zoomSnap = SNAP;
      map.invalidateSize({ animate: false }).setView(...screen, { reset: true });
      screen = null;
    });
  }

  function open(id, centre, zoom) {
    map = L.map(id, { zoomSnap: SNAP, zoomDelta: 0.5, maxZoom: 15, scrollWheelZoom: false }).setView(centre, zoom);
    const frame = map.getContainer();
    frame.setAttribute("role", "application");
    // Leaflet takes the focus as the mouse goes down. If that scrolled the page, the button would come up
    // over another place, and the click would be lost.
    frame.focus = () => HTMLElement.prototype.focus.call(frame, { preventScroll: true });
    // On the stage a map fills what is left of it. On a page to read, on any low screen, it takes at most 60% of the height.
    const resize = Streamlit.setFrameHeight;
    const stage = window.frameElement?.closest(".st-key-chosen, .st-key-beside");
    if (window.frameElement?.closest(".st-key-room")) frame.style.setProperty("--type", `${Math.round(0.033 * window.parent.innerHeight)}px`);
    let given = 0, asked = 0;
    const room = (height) => stage
      ? Math.max(180, stage.getBoundingClientRect().bottom - window.frameElement.getBoundingClientRect().top - UNDER)
      : Math.min(height, 0.6 * window.parent.innerHeight, 0.95 * window.innerWidth);
    window.parent.addEventListener("resize", () => setTimeout(() => Streamlit.setFrameHeight(asked), 150));
    Streamlit.setFrameHeight = (height) => {
      asked = height;
      const allowed = Math.round(room(height));
      if (allowed === given) return; // asked at every step: measuring the page anew is slow
      given = allowed;
      frame.style.height = allowed + "px";
      map.invalidateSize({ animate: false });
      resize.call(Streamlit, allowed);
    };
    map.attributionControl.setPrefix(false);
    L.control.scale({ maxWidth: 120 }).addTo(map);
    const whole = L.control({ position: "topleft" });
    whole.onAdd = () => {
      const box = L.DomUtil.create("div", "leaflet-bar whole");
      box.innerHTML = '<a href="#" role="button" title="Show the whole area" aria-label="Show the whole area">&#x2922;</a>';
      L.DomEvent.disableClickPropagation(box);
      L.DomEvent.on(box.firstChild, "click", (event) => {
        L.DomEvent.preventDefault(event);
        if (view) map.fitBounds(view, { padding: [6, 6] });
      });
      return box;
    };
    whole.addTo(map);
    // The wheel scrolls the page until the reader has stepped into the map.
    map.on("focus", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());
    // One finger scrolls the page a map is part of, two move the map; on the stage nothing scrolls.
    if (!stage && matchMedia("(pointer: coarse)").matches) {
      map.dragging.disable();
      const word = L.control({ position: "topright" });
      word.onAdd = () => Object.assign(L.DomUtil.create("div", "fingers"), { textContent: "Two fingers move the map" });
      word.addTo(map);
    }
    const crowded = () => frame.classList.toggle("narrow", map.getSize().x < 520);
    map.on("resize", crowded);
    crowded();
    printable(frame);
    // A description that arrived while the scripts were loading was passed over: ask for it again.
    setTimeout(() => Streamlit.setComponentReady(), 0);
    return map;
  }

  window.icsMap = { open, show };
})();
