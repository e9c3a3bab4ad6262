/** What is no document, though it lies among them. Credentials are left out too, whatever a configuration says. */
export const DEFAULT_EXCLUDES: readonly string[] = [
  // Version control, the state of this server, editors
  "{.git,.hg,.svn,.bzr,CVS,.jj}",
  ".hector",
  "{.idea,.vscode,.vs,.fleet,.settings,*.iml,*.swp,*~,.DS_Store,Thumbs.db,desktop.ini}",
  // Dependencies and what is built or measured
  "{node_modules,bower_components,jspm_packages,vendor,.venv,venv,__pycache__,site-packages,.tox,.eggs,*.egg-info}",
  "{dist,build,out,target,bin,obj,_build,.next,.nuxt,.svelte-kit,.output,.parcel-cache,.turbo,.gradle,.terraform}",
  "{coverage,.nyc_output,.cache,.pytest_cache,.mypy_cache,.ruff_cache,htmlcov,lcov.info}",
  "*.{min.js,min.css,map}",
  "{package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock,bun.lockb,deno.lock}",
  "{Cargo.lock,poetry.lock,Pipfile.lock,uv.lock,composer.lock,Gemfile.lock,go.sum,flake.lock}",
  // Programs, archives, media, fonts, databases
  "*.{exe,dll,so,dylib,a,o,lib,class,jar,war,pyc,pyo,wasm,bin,dat,iso,img,dmg,deb,rpm,msi,apk}",
  "*.{zip,tar,gz,tgz,bz2,xz,zst,7z,rar}",
  "*.{png,jpg,jpeg,gif,bmp,ico,webp,avif,tiff,psd,mp3,wav,flac,ogg,m4a,mp4,mov,avi,mkv,webm,pdf}",
  "*.{ttf,otf,woff,woff2,eot}",
  "*.{db,sqlite,sqlite3,mdb,db-wal,db-shm}",
  // What is written in passing
  "*.{log,tmp,temp,bak,orig,rej,pid,lock}",
  "{tmp,temp,logs}",
];
