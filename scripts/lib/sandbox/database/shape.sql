-- postgate shape 2
-- environment: production
-- ref: aac546ffe325c51d3c461d79068266ac6c1de01fd02c1b6ba10ec39268463a74
-- server: 15.18
-- taken: 2026-01-20T10:00:00Z
-- migrations: 20250901080000, 20250901081000, 20250902090000, 20250902100000, 20250902110000, 20250915070000

--
-- Name: creer_profil(); Type: FUNCTION; Schema: public; Owner: supabase_owner
--

CREATE FUNCTION public.creer_profil() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
begin
  insert into public.profils (id, nom) values (new.id, split_part(new.email, '@', 1))
  on conflict (id) do nothing;
  return new;
end
$$;


ALTER FUNCTION public.creer_profil() OWNER TO supabase_owner;

--
-- Name: maj_modifie_le(); Type: FUNCTION; Schema: public; Owner: supabase_owner
--

CREATE FUNCTION public.maj_modifie_le() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
  new.modifie_le := now();
  return new;
end
$$;


ALTER FUNCTION public.maj_modifie_le() OWNER TO supabase_owner;

--
-- Name: peut_lire_les_bons(); Type: FUNCTION; Schema: public; Owner: supabase_owner
--

CREATE FUNCTION public.peut_lire_les_bons() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select auth.uid() is not null
$$;


ALTER FUNCTION public.peut_lire_les_bons() OWNER TO supabase_owner;

--
-- Name: stock_disponible(bigint); Type: FUNCTION; Schema: public; Owner: supabase_owner
--

CREATE FUNCTION public.stock_disponible(p_article bigint) RETURNS numeric
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
  select coalesce(sum(quantite - reserve), 0) from public.stocks where article = p_article
$$;


ALTER FUNCTION public.stock_disponible(p_article bigint) OWNER TO supabase_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: articles; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.articles (
    id bigint NOT NULL,
    reference text NOT NULL,
    libelle text NOT NULL,
    unite text NOT NULL,
    categorie smallint NOT NULL,
    fournisseur bigint,
    modifie_le timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.articles OWNER TO supabase_owner;

--
-- Name: articles_id_seq; Type: SEQUENCE; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.articles ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.articles_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: categories; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.categories (
    id smallint NOT NULL,
    libelle text NOT NULL
);


ALTER TABLE public.categories OWNER TO supabase_owner;

--
-- Name: commande_lignes; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.commande_lignes (
    commande bigint NOT NULL,
    ligne smallint NOT NULL,
    article bigint NOT NULL,
    quantite numeric(12,3) NOT NULL,
    CONSTRAINT commande_lignes_quantite_check CHECK ((quantite > (0)::numeric))
);


ALTER TABLE public.commande_lignes OWNER TO supabase_owner;

--
-- Name: commandes; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.commandes (
    id bigint NOT NULL,
    numero text NOT NULL,
    statut text DEFAULT 'ouverte'::text NOT NULL,
    demandeur uuid,
    cree_le timestamp with time zone DEFAULT now() NOT NULL,
    modifie_le timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT commandes_statut_check CHECK ((statut = ANY (ARRAY['ouverte'::text, 'preparee'::text, 'expediee'::text, 'annulee'::text])))
);


ALTER TABLE public.commandes OWNER TO supabase_owner;

--
-- Name: commandes_id_seq; Type: SEQUENCE; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.commandes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.commandes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: emplacements; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.emplacements (
    code text NOT NULL,
    allee smallint NOT NULL,
    niveau smallint DEFAULT 0 NOT NULL
);


ALTER TABLE public.emplacements OWNER TO supabase_owner;

--
-- Name: fournisseurs; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.fournisseurs (
    id bigint NOT NULL,
    nom text NOT NULL,
    courriel text
);


ALTER TABLE public.fournisseurs OWNER TO supabase_owner;

--
-- Name: fournisseurs_id_seq; Type: SEQUENCE; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.fournisseurs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.fournisseurs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: log_actions; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.log_actions (
    id bigint NOT NULL,
    user_id uuid,
    action text NOT NULL,
    module text NOT NULL,
    niveau text DEFAULT 'INFO'::text NOT NULL,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    cible_id text,
    CONSTRAINT log_actions_niveau_check CHECK ((niveau = ANY (ARRAY['INFO'::text, 'WARNING'::text, 'CRITICAL'::text])))
);


ALTER TABLE public.log_actions OWNER TO supabase_owner;

--
-- Name: log_actions_id_seq; Type: SEQUENCE; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.log_actions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.log_actions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: motifs_sortie; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.motifs_sortie (
    code text NOT NULL,
    libelle text NOT NULL
);


ALTER TABLE public.motifs_sortie OWNER TO supabase_owner;

--
-- Name: mouvements; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.mouvements (
    id bigint NOT NULL,
    article bigint NOT NULL,
    quantite numeric(12,3) NOT NULL,
    motif text,
    fait_le timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.mouvements OWNER TO supabase_owner;

--
-- Name: mouvements_id_seq; Type: SEQUENCE; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.mouvements ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.mouvements_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: notifications; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.notifications (
    id bigint NOT NULL,
    titre text NOT NULL,
    lue boolean DEFAULT false NOT NULL,
    cree_le timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.notifications OWNER TO supabase_owner;

--
-- Name: notifications_id_seq; Type: SEQUENCE; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.notifications ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.notifications_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: profils; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.profils (
    id uuid NOT NULL,
    nom text DEFAULT ''::text NOT NULL,
    cree_le timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.profils OWNER TO supabase_owner;

--
-- Name: receptions; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.receptions (
    id bigint NOT NULL,
    bon text NOT NULL,
    fournisseur bigint,
    recue_le timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.receptions OWNER TO supabase_owner;

--
-- Name: receptions_id_seq; Type: SEQUENCE; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.receptions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.receptions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

--
-- Name: stocks; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.stocks (
    article bigint NOT NULL,
    emplacement text NOT NULL,
    quantite numeric(12,3) DEFAULT 0 NOT NULL,
    reserve numeric(12,3) DEFAULT 0 NOT NULL,
    CONSTRAINT stocks_quantite_check CHECK ((quantite >= (0)::numeric)),
    CONSTRAINT stocks_reserve_check CHECK ((reserve >= (0)::numeric))
);


ALTER TABLE public.stocks OWNER TO supabase_owner;

--
-- Name: unites; Type: TABLE; Schema: public; Owner: supabase_owner
--

CREATE TABLE public.unites (
    code text NOT NULL,
    libelle text NOT NULL
);


ALTER TABLE public.unites OWNER TO supabase_owner;

--
-- Name: v_commandes_en_cours; Type: VIEW; Schema: public; Owner: supabase_owner
--

CREATE VIEW public.v_commandes_en_cours AS
SELECT
    NULL::bigint AS id,
    NULL::text AS numero,
    NULL::text AS statut,
    NULL::timestamp with time zone AS cree_le,
    NULL::bigint AS lignes;


ALTER TABLE public.v_commandes_en_cours OWNER TO supabase_owner;

--
-- Name: v_stock_disponible; Type: VIEW; Schema: public; Owner: supabase_owner
--

CREATE VIEW public.v_stock_disponible WITH (security_invoker='true') AS
 SELECT a.id,
    a.reference,
    a.libelle,
    public.stock_disponible(a.id) AS disponible
   FROM public.articles a;


ALTER TABLE public.v_stock_disponible OWNER TO supabase_owner;

--
-- Name: articles articles_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_pkey PRIMARY KEY (id);

--
-- Name: articles articles_reference_key; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_reference_key UNIQUE (reference);

--
-- Name: categories categories_libelle_key; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_libelle_key UNIQUE (libelle);

--
-- Name: categories categories_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (id);

--
-- Name: commande_lignes commande_lignes_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.commande_lignes
    ADD CONSTRAINT commande_lignes_pkey PRIMARY KEY (commande, ligne);

--
-- Name: commandes commandes_numero_key; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.commandes
    ADD CONSTRAINT commandes_numero_key UNIQUE (numero);

--
-- Name: commandes commandes_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.commandes
    ADD CONSTRAINT commandes_pkey PRIMARY KEY (id);

--
-- Name: emplacements emplacements_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.emplacements
    ADD CONSTRAINT emplacements_pkey PRIMARY KEY (code);

--
-- Name: fournisseurs fournisseurs_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.fournisseurs
    ADD CONSTRAINT fournisseurs_pkey PRIMARY KEY (id);

--
-- Name: log_actions log_actions_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.log_actions
    ADD CONSTRAINT log_actions_pkey PRIMARY KEY (id);

--
-- Name: motifs_sortie motifs_sortie_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.motifs_sortie
    ADD CONSTRAINT motifs_sortie_pkey PRIMARY KEY (code);

--
-- Name: mouvements mouvements_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.mouvements
    ADD CONSTRAINT mouvements_pkey PRIMARY KEY (id);

--
-- Name: notifications notifications_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

--
-- Name: profils profils_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.profils
    ADD CONSTRAINT profils_pkey PRIMARY KEY (id);

--
-- Name: receptions receptions_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.receptions
    ADD CONSTRAINT receptions_pkey PRIMARY KEY (id);

--
-- Name: stocks stocks_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.stocks
    ADD CONSTRAINT stocks_pkey PRIMARY KEY (article, emplacement);

--
-- Name: unites unites_pkey; Type: CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.unites
    ADD CONSTRAINT unites_pkey PRIMARY KEY (code);

--
-- Name: commandes_statut; Type: INDEX; Schema: public; Owner: supabase_owner
--

CREATE INDEX commandes_statut ON public.commandes USING btree (statut);

--
-- Name: log_actions_created_at; Type: INDEX; Schema: public; Owner: supabase_owner
--

CREATE INDEX log_actions_created_at ON public.log_actions USING btree (created_at DESC);

--
-- Name: mouvements_article; Type: INDEX; Schema: public; Owner: supabase_owner
--

CREATE INDEX mouvements_article ON public.mouvements USING btree (article, fait_le DESC);

--
-- Name: v_commandes_en_cours _RETURN; Type: RULE; Schema: public; Owner: supabase_owner
--

CREATE OR REPLACE VIEW public.v_commandes_en_cours WITH (security_invoker='true') AS
 SELECT c.id,
    c.numero,
    c.statut,
    c.cree_le,
    count(l.ligne) AS lignes
   FROM (public.commandes c
     LEFT JOIN public.commande_lignes l ON ((l.commande = c.id)))
  WHERE (c.statut = ANY (ARRAY['ouverte'::text, 'preparee'::text]))
  GROUP BY c.id;

--
-- Name: users a_la_creation_d_un_utilisateur; Type: TRIGGER; Schema: auth; Owner: postgres
--

CREATE TRIGGER a_la_creation_d_un_utilisateur AFTER INSERT ON auth.users FOR EACH ROW EXECUTE FUNCTION public.creer_profil();

--
-- Name: articles articles_modifie_le; Type: TRIGGER; Schema: public; Owner: supabase_owner
--

CREATE TRIGGER articles_modifie_le BEFORE UPDATE ON public.articles FOR EACH ROW EXECUTE FUNCTION public.maj_modifie_le();

--
-- Name: commandes commandes_modifie_le; Type: TRIGGER; Schema: public; Owner: supabase_owner
--

CREATE TRIGGER commandes_modifie_le BEFORE UPDATE ON public.commandes FOR EACH ROW EXECUTE FUNCTION public.maj_modifie_le();

--
-- Name: articles articles_categorie_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_categorie_fkey FOREIGN KEY (categorie) REFERENCES public.categories(id);

--
-- Name: articles articles_fournisseur_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_fournisseur_fkey FOREIGN KEY (fournisseur) REFERENCES public.fournisseurs(id);

--
-- Name: articles articles_unite_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.articles
    ADD CONSTRAINT articles_unite_fkey FOREIGN KEY (unite) REFERENCES public.unites(code);

--
-- Name: commande_lignes commande_lignes_article_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.commande_lignes
    ADD CONSTRAINT commande_lignes_article_fkey FOREIGN KEY (article) REFERENCES public.articles(id);

--
-- Name: commande_lignes commande_lignes_commande_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.commande_lignes
    ADD CONSTRAINT commande_lignes_commande_fkey FOREIGN KEY (commande) REFERENCES public.commandes(id) ON DELETE CASCADE;

--
-- Name: mouvements mouvements_article_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.mouvements
    ADD CONSTRAINT mouvements_article_fkey FOREIGN KEY (article) REFERENCES public.articles(id);

--
-- Name: mouvements mouvements_motif_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.mouvements
    ADD CONSTRAINT mouvements_motif_fkey FOREIGN KEY (motif) REFERENCES public.motifs_sortie(code);

--
-- Name: profils profils_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.profils
    ADD CONSTRAINT profils_id_fkey FOREIGN KEY (id) REFERENCES auth.users(id) ON DELETE CASCADE;

--
-- Name: receptions receptions_fournisseur_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.receptions
    ADD CONSTRAINT receptions_fournisseur_fkey FOREIGN KEY (fournisseur) REFERENCES public.fournisseurs(id);

--
-- Name: stocks stocks_article_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.stocks
    ADD CONSTRAINT stocks_article_fkey FOREIGN KEY (article) REFERENCES public.articles(id);

--
-- Name: stocks stocks_emplacement_fkey; Type: FK CONSTRAINT; Schema: public; Owner: supabase_owner
--

ALTER TABLE ONLY public.stocks
    ADD CONSTRAINT stocks_emplacement_fkey FOREIGN KEY (emplacement) REFERENCES public.emplacements(code);

--
-- Name: log_actions ajout; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY ajout ON public.log_actions FOR INSERT TO authenticated WITH CHECK ((user_id = auth.uid()));

--
-- Name: articles; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.articles ENABLE ROW LEVEL SECURITY;

--
-- Name: categories; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.categories ENABLE ROW LEVEL SECURITY;

--
-- Name: commande_lignes; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.commande_lignes ENABLE ROW LEVEL SECURITY;

--
-- Name: commandes; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.commandes ENABLE ROW LEVEL SECURITY;

--
-- Name: commandes creation; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY creation ON public.commandes FOR INSERT TO authenticated WITH CHECK ((demandeur = auth.uid()));

--
-- Name: emplacements; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.emplacements ENABLE ROW LEVEL SECURITY;

--
-- Name: fournisseurs; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.fournisseurs ENABLE ROW LEVEL SECURITY;

--
-- Name: profils le_sien; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY le_sien ON public.profils TO authenticated USING ((id = auth.uid())) WITH CHECK ((id = auth.uid()));

--
-- Name: articles lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.articles FOR SELECT TO authenticated USING (true);

--
-- Name: categories lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.categories FOR SELECT TO anon, authenticated USING (true);

--
-- Name: commande_lignes lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.commande_lignes FOR SELECT TO authenticated USING (true);

--
-- Name: commandes lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.commandes FOR SELECT TO authenticated USING (true);

--
-- Name: emplacements lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.emplacements FOR SELECT TO authenticated USING (true);

--
-- Name: fournisseurs lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.fournisseurs FOR SELECT TO authenticated USING (true);

--
-- Name: motifs_sortie lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.motifs_sortie FOR SELECT TO authenticated USING (true);

--
-- Name: mouvements lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.mouvements FOR SELECT TO authenticated USING (true);

--
-- Name: notifications lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.notifications FOR SELECT TO authenticated USING (true);

--
-- Name: receptions lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.receptions FOR SELECT TO authenticated USING (true);

--
-- Name: stocks lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.stocks FOR SELECT TO authenticated USING (true);

--
-- Name: unites lecture; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY lecture ON public.unites FOR SELECT TO anon, authenticated USING (true);

--
-- Name: log_actions les_siennes; Type: POLICY; Schema: public; Owner: supabase_owner
--

CREATE POLICY les_siennes ON public.log_actions FOR SELECT TO authenticated USING ((user_id = auth.uid()));

--
-- Name: log_actions; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.log_actions ENABLE ROW LEVEL SECURITY;

--
-- Name: motifs_sortie; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.motifs_sortie ENABLE ROW LEVEL SECURITY;

--
-- Name: mouvements; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.mouvements ENABLE ROW LEVEL SECURITY;

--
-- Name: notifications; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

--
-- Name: profils; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.profils ENABLE ROW LEVEL SECURITY;

--
-- Name: receptions; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.receptions ENABLE ROW LEVEL SECURITY;

--
-- Name: stocks; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.stocks ENABLE ROW LEVEL SECURITY;

--
-- Name: unites; Type: ROW SECURITY; Schema: public; Owner: supabase_owner
--

ALTER TABLE public.unites ENABLE ROW LEVEL SECURITY;

--
-- Name: objects bons_de_livraison; Type: POLICY; Schema: storage; Owner: supabase_storage_admin
--

CREATE POLICY bons_de_livraison ON storage.objects FOR SELECT TO authenticated USING (((bucket_id = 'bons'::text) AND public.peut_lire_les_bons()));

--
-- Name: supabase_realtime; Type: PUBLICATION; Schema: -; Owner: supabase_owner
--

CREATE PUBLICATION supabase_realtime WITH (publish = 'insert, update, delete, truncate');


ALTER PUBLICATION supabase_realtime OWNER TO supabase_owner;

--
-- Name: supabase_realtime commandes; Type: PUBLICATION TABLE; Schema: public; Owner: supabase_owner
--

ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.commandes;

--
-- Name: supabase_realtime notifications; Type: PUBLICATION TABLE; Schema: public; Owner: supabase_owner
--

ALTER PUBLICATION supabase_realtime ADD TABLE ONLY public.notifications;

--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

GRANT ALL ON SCHEMA public TO supabase_owner;
GRANT USAGE ON SCHEMA public TO anon;
GRANT USAGE ON SCHEMA public TO authenticated;
GRANT USAGE ON SCHEMA public TO service_role;

--
-- Name: FUNCTION creer_profil(); Type: ACL; Schema: public; Owner: supabase_owner
--

REVOKE ALL ON FUNCTION public.creer_profil() FROM PUBLIC;

--
-- Name: FUNCTION stock_disponible(p_article bigint); Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON FUNCTION public.stock_disponible(p_article bigint) TO authenticated;
GRANT ALL ON FUNCTION public.stock_disponible(p_article bigint) TO service_role;

--
-- Name: TABLE articles; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.articles TO service_role;
GRANT SELECT ON TABLE public.articles TO authenticated;

--
-- Name: SEQUENCE articles_id_seq; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT USAGE ON SEQUENCE public.articles_id_seq TO service_role;
GRANT USAGE ON SEQUENCE public.articles_id_seq TO authenticated;

--
-- Name: TABLE categories; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.categories TO service_role;
GRANT SELECT ON TABLE public.categories TO anon;
GRANT SELECT ON TABLE public.categories TO authenticated;

--
-- Name: TABLE commande_lignes; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.commande_lignes TO service_role;
GRANT SELECT,INSERT ON TABLE public.commande_lignes TO authenticated;

--
-- Name: TABLE commandes; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.commandes TO service_role;
GRANT SELECT,INSERT ON TABLE public.commandes TO authenticated;

--
-- Name: SEQUENCE commandes_id_seq; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT USAGE ON SEQUENCE public.commandes_id_seq TO service_role;
GRANT USAGE ON SEQUENCE public.commandes_id_seq TO authenticated;

--
-- Name: TABLE emplacements; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.emplacements TO service_role;
GRANT SELECT ON TABLE public.emplacements TO authenticated;

--
-- Name: TABLE fournisseurs; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.fournisseurs TO service_role;
GRANT SELECT ON TABLE public.fournisseurs TO authenticated;

--
-- Name: SEQUENCE fournisseurs_id_seq; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT USAGE ON SEQUENCE public.fournisseurs_id_seq TO service_role;
GRANT USAGE ON SEQUENCE public.fournisseurs_id_seq TO authenticated;

--
-- Name: TABLE log_actions; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.log_actions TO service_role;
GRANT SELECT,INSERT ON TABLE public.log_actions TO authenticated;

--
-- Name: SEQUENCE log_actions_id_seq; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT USAGE ON SEQUENCE public.log_actions_id_seq TO service_role;
GRANT USAGE ON SEQUENCE public.log_actions_id_seq TO authenticated;

--
-- Name: TABLE motifs_sortie; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.motifs_sortie TO service_role;
GRANT SELECT ON TABLE public.motifs_sortie TO authenticated;

--
-- Name: TABLE mouvements; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.mouvements TO service_role;
GRANT SELECT ON TABLE public.mouvements TO authenticated;

--
-- Name: SEQUENCE mouvements_id_seq; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT USAGE ON SEQUENCE public.mouvements_id_seq TO service_role;
GRANT USAGE ON SEQUENCE public.mouvements_id_seq TO authenticated;

--
-- Name: TABLE notifications; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.notifications TO service_role;
GRANT SELECT ON TABLE public.notifications TO authenticated;

--
-- Name: SEQUENCE notifications_id_seq; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT USAGE ON SEQUENCE public.notifications_id_seq TO service_role;
GRANT USAGE ON SEQUENCE public.notifications_id_seq TO authenticated;

--
-- Name: TABLE profils; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.profils TO service_role;
GRANT SELECT,INSERT,UPDATE ON TABLE public.profils TO authenticated;

--
-- Name: TABLE receptions; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.receptions TO service_role;
GRANT SELECT ON TABLE public.receptions TO authenticated;

--
-- Name: SEQUENCE receptions_id_seq; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT USAGE ON SEQUENCE public.receptions_id_seq TO service_role;
GRANT USAGE ON SEQUENCE public.receptions_id_seq TO authenticated;

--
-- Name: TABLE stocks; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.stocks TO service_role;
GRANT SELECT ON TABLE public.stocks TO authenticated;

--
-- Name: TABLE unites; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.unites TO service_role;
GRANT SELECT ON TABLE public.unites TO anon;
GRANT SELECT ON TABLE public.unites TO authenticated;

--
-- Name: TABLE v_commandes_en_cours; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.v_commandes_en_cours TO service_role;
GRANT SELECT ON TABLE public.v_commandes_en_cours TO authenticated;

--
-- Name: TABLE v_stock_disponible; Type: ACL; Schema: public; Owner: supabase_owner
--

GRANT ALL ON TABLE public.v_stock_disponible TO service_role;
GRANT SELECT ON TABLE public.v_stock_disponible TO authenticated;

--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: public; Owner: supabase_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_owner IN SCHEMA public GRANT USAGE ON SEQUENCES  TO service_role;

--
-- Name: DEFAULT PRIVILEGES FOR FUNCTIONS; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS  TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS  TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS  TO service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON FUNCTIONS  TO supabase_owner;

--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: supabase_admin
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES  TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES  TO authenticated;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES  TO service_role;
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES  TO supabase_owner;

--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: public; Owner: supabase_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE supabase_owner IN SCHEMA public GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO service_role;
