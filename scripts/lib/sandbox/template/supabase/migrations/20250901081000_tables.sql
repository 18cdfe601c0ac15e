-- Tables transactionnelles : vides dans un environnement neuf.

create table public.profils (
  id uuid primary key references auth.users (id) on delete cascade,
  nom text not null default '',
  cree_le timestamptz not null default now()
);

create table public.fournisseurs (
  id bigint generated always as identity primary key,
  nom text not null,
  courriel text
);

create table public.articles (
  id bigint generated always as identity primary key,
  reference text not null unique,
  libelle text not null,
  unite text not null references public.unites (code),
  categorie smallint not null references public.categories (id),
  fournisseur bigint references public.fournisseurs (id),
  modifie_le timestamptz not null default now()
);

create table public.stocks (
  article bigint not null references public.articles (id),
  emplacement text not null references public.emplacements (code),
  quantite numeric(12, 3) not null default 0 check (quantite >= 0),
  reserve numeric(12, 3) not null default 0 check (reserve >= 0),
  primary key (article, emplacement)
);

create table public.commandes (
  id bigint generated always as identity primary key,
  numero text not null unique,
  statut text not null default 'ouverte' check (statut in ('ouverte', 'preparee', 'expediee', 'annulee')),
  demandeur uuid,
  cree_le timestamptz not null default now(),
  modifie_le timestamptz not null default now()
);

create table public.commande_lignes (
  commande bigint not null references public.commandes (id) on delete cascade,
  ligne smallint not null,
  article bigint not null references public.articles (id),
  quantite numeric(12, 3) not null check (quantite > 0),
  primary key (commande, ligne)
);

create table public.receptions (
  id bigint generated always as identity primary key,
  bon text not null,
  fournisseur bigint references public.fournisseurs (id),
  recue_le timestamptz not null default now()
);

create table public.mouvements (
  id bigint generated always as identity primary key,
  article bigint not null references public.articles (id),
  quantite numeric(12, 3) not null,
  motif text references public.motifs_sortie (code),
  fait_le timestamptz not null default now()
);

create table public.notifications (
  id bigint generated always as identity primary key,
  titre text not null,
  lue boolean not null default false,
  cree_le timestamptz not null default now()
);

-- Le journal d'audit de l'application.
create table public.log_actions (
  id bigint generated always as identity primary key,
  user_id uuid,
  action text not null,
  module text not null,
  niveau text not null default 'INFO' check (niveau in ('INFO', 'WARNING', 'CRITICAL')),
  details jsonb not null default '{}'::jsonb,
  created_at timestamptz not null default now(),
  cible_id text
);

create index commandes_statut on public.commandes (statut);
create index mouvements_article on public.mouvements (article, fait_le desc);
create index log_actions_created_at on public.log_actions (created_at desc);
