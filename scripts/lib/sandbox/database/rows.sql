-- SANDBOX: believable rows. `sandbox.amount` says how much of them.

insert into public.fournisseurs (nom, courriel)
select 'Fournisseur ' || n, 'contact' || n || '@fournisseur.example' from generate_series(1, 6) n;

insert into public.articles (reference, libelle, unite, categorie, fournisseur)
select 'ART-' || lpad(n::text, 4, '0'), 'Article ' || n,
  (array['u', 'kg', 'l', 'm', 'pal'])[1 + n % 5], 1 + n % 5, 1 + n % 6
from generate_series(1, 40) n;

insert into public.stocks (article, emplacement, quantite, reserve)
select n, 'A' || (1 + n % 6) || '-' || (n % 3), 20 + n * 3, n % 7 from generate_series(1, 40) n;

insert into public.commandes (numero, statut, cree_le)
select 'C-' || lpad(n::text, 5, '0'), (array['ouverte', 'preparee', 'expediee', 'annulee'])[1 + n % 4],
  now() - n * interval '3 hours'
from generate_series(1, current_setting('sandbox.amount')::int) n;

insert into public.commande_lignes (commande, ligne, article, quantite)
select c.id, l, 1 + (c.id * 7 + l) % 40, 1 + (c.id + l) % 9
from public.commandes c, generate_series(1, 3) l;

insert into public.receptions (bon, fournisseur)
select 'BL-' || n, 1 + n % 6 from generate_series(1, current_setting('sandbox.amount')::int / 4) n;

insert into public.mouvements (article, quantite, motif)
select 1 + n % 40, -(1 + n % 5), (array['vente', 'casse', 'retour'])[1 + n % 3]
from generate_series(1, current_setting('sandbox.amount')::int) n;

insert into public.notifications (titre) values ('Inventaire annuel le mois prochain');

insert into public.log_actions (action, module, niveau, details)
select 'CONNEXION', 'auth', 'INFO', jsonb_build_object('n', n)
from generate_series(1, current_setting('sandbox.amount')::int) n;
