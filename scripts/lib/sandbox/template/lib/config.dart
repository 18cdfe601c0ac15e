/// Les réglages publics, compilés dans le client.
abstract final class Config {
  static const url = String.fromEnvironment('SUPABASE_URL');
  static const cleAnonyme = String.fromEnvironment('SUPABASE_ANON_KEY');

  static void verifier() {
    if (url.isEmpty || cleAnonyme.isEmpty) {
      throw StateError('SUPABASE_URL et SUPABASE_ANON_KEY sont nécessaires.');
    }
  }
}
