import { encode } from "uqr";

/** A QR code as one path: black squares on white, sharp at any size. The quiet zone of four modules is inside. */
export function Qr({ text, mm, label }: { text: string; mm: number; label: string }) {
  const { data, size } = encode(text, { ecc: "M", border: 0 });
  let path = "";
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      let run = 1;
      while (x + run < size && row[x + run]) run++;
      path += `M${x} ${y}h${run}v1h-${run}z`;
      x += run;
    }
  });
  return (
    <svg className="qr" data-qr={text} style={{ width: `${mm}mm`, height: `${mm}mm` }} viewBox={`-4 -4 ${size + 8} ${size + 8}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect x="-4" y="-4" width={size + 8} height={size + 8} fill="#fff" />
      <path fill="#000" d={path} />
    </svg>
  );
}
