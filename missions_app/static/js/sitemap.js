// The drawn coast becomes a map to move about in. Without this, or without Leaflet, the drawing stays as it is.
"use strict";

const apart = 28;  // between the middles of two pins, on the screen

// A point, then those in rings about it, the nearest first.
function* around(point) {
  yield point;
  for (let ring = 1; ring <= 6; ring += 1) {
    for (let turn = 0; turn < 8 * ring; turn += 1) {
      const angle = (Math.PI * turn) / (4 * ring);
      yield point.add([Math.round(ring * apart * Math.cos(angle)), Math.round(ring * apart * Math.sin(angle))]);
    }
  }
}

for (const figure of document.querySelectorAll("figure[data-places]")) {
  if (!window.L) break;
  const drawn = figure.querySelector("svg");
  const words = figure.dataset;
  const [west, north, east, south] = words.edges.split(" ").map(Number);
  const coast = L.latLngBounds([south, west], [north, east]);
  const places = JSON.parse(words.places);

  const scroller = drawn.parentElement;
  const box = document.createElement("div");
  box.className = "m-leaflet";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", words.label);
  scroller.after(box);
  scroller.hidden = true;

  const map = L.map(box, {
    attributionControl: false, scrollWheelZoom: false, zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.75,
    minZoom: 7, maxZoom: 12, maxBounds: coast.pad(0.6), maxBoundsViscosity: 0.8,
    fadeAnimation: false, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  const whole = L.latLngBounds(places.flatMap((one) => [[one.latitude, one.longitude], ...one.area]));
  // The coast is a drawing: one place alone is shown with enough of it to be recognised.
  map.fitBounds(whole, { maxZoom: 9.5, padding: [36, 36] });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);

  const sea = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  sea.setAttribute("class", "m-map");
  sea.setAttribute("viewBox", words.box);
  sea.setAttribute("preserveAspectRatio", "none");
  sea.setAttribute("aria-hidden", "true");
  sea.append(drawn.querySelector("g").cloneNode(true));
  L.svgOverlay(sea, coast, { interactive: false }).addTo(map);
  // Names keep their size on the screen, however near one comes.
  const across = Number(words.box.split(" ")[2]);
  const keepSize = () => {
    const shown = map.latLngToLayerPoint(coast.getNorthEast()).x - map.latLngToLayerPoint(coast.getNorthWest()).x;
    for (const name of sea.querySelectorAll("text")) {
      name.style.fontSize = `${(14 * across) / shown}px`;
      name.style.strokeWidth = `${(3 * across) / shown}px`;
    }
  };
  map.on("zoomend", keepSize);
  keepSize();

  // As near as can be to those that stand there already; who comes nearer finds them at home.
  const homes = [];
  const setApart = () => {
    const taken = [];
    for (const { marker, home } of homes) {
      const there = map.latLngToLayerPoint(home);
      const point = [...around(there)].find((each) => taken.every((one) => one.distanceTo(each) >= apart - 1)) ?? there;
      taken.push(point);
      marker.setLatLng(map.layerPointToLatLng(point));
    }
  };
  map.on("zoomend", setApart);

  for (const place of places) {
    if (place.area.length > 2) L.polygon(place.area, { className: "m-leaflet__area", interactive: false }).addTo(map);
    const icon = L.divIcon({
      className: place.bookable ? "m-leaflet__pin" : "m-leaflet__pin m-leaflet__pin--hole",
      html: String(Number(place.number)), iconSize: [30, 30],
    });
    const marker = L.marker([place.latitude, place.longitude], { icon, riseOnHover: true }).addTo(map);
    homes.push({ marker, home: marker.getLatLng() });
    const pin = marker.getElement();
    pin.setAttribute("aria-label", `${place.number}. ${place.name}`);
    if (!place.url) { pin.removeAttribute("tabindex"); pin.setAttribute("role", "img"); continue; }
    const text = document.createElement("p");
    const link = document.createElement("a");
    link.href = place.url;
    link.textContent = place.name;
    text.append(link, document.createElement("br"), place.kind);
    // Moving there by itself would turn the map under whoever looks at another place.
    marker.bindPopup(text, { autoPan: true, closeButton: false, minWidth: 190, maxWidth: 240 });
    marker.on("popupopen", () => { pin.setAttribute("aria-expanded", "true"); link.focus({ preventScroll: true }); });
    marker.on("popupclose", () => pin.setAttribute("aria-expanded", "false"));
    pin.setAttribute("aria-expanded", "false");
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      marker.closePopup();
      pin.focus({ preventScroll: true });
    });
  }
  setApart();
}
