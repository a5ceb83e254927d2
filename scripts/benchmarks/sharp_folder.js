// Thumbnails of a folder as a script with sharp makes them: sharp_folder.js IN OUT same|png
const fs = require('fs');
const path = require('path');
const sharp = require('sharp');

const [source, out, kind] = process.argv.slice(2);
sharp.concurrency(1);
sharp.cache(false);
fs.mkdirSync(out, {recursive: true});

async function shrinkAll() {
  for (const name of fs.readdirSync(source).sort()) {
    const {name: stem, ext} = path.parse(name);
    const target = path.join(out, `${stem}_thumbnail${kind === 'png' ? '.png' : ext}`);
    const box = {fit: 'inside', withoutEnlargement: true};
    await sharp(path.join(source, name)).rotate().resize(128, 128, box).toFile(target);
  }
}
shrinkAll();
