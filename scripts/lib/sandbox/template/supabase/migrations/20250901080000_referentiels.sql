-- Référentiels : leurs lignes font partie de l'application.

create table public.unites (
  code text primary key,
  libelle text not null
);

create table public.categories (
  id smallint primary key,
  libelle text not null unique
);

create table public.motifs_sortie (
  code text primary key,
  libelle text not null
);

create table public.emplacements (
  code text primary key,
  allee smallint not null,
  niveau smallint not null default 0
);
