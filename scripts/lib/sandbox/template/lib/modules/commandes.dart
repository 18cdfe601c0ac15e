import 'package:flutter/material.dart';

/// Les commandes en cours, la plus ancienne d'abord.
class CommandesPage extends StatelessWidget {
  const CommandesPage({super.key});

  // FIXME: la pagination charge deux fois la première page.
  @override
  Widget build(BuildContext context) => const Center(child: Text('Commandes'));
}
