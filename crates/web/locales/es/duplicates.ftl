# Registros que se parecen: al escribirlos, por pares, fusionados, separados de nuevo.
dup-title = Duplicados
dup-lead = Registros que parecen la misma persona, empresa o cosa. Nada se fusiona por sí solo.
dup-scan = Buscar nuevos
dup-scan-all = Revisarlo todo
dup-seen = Se ha revisado todo lo modificado antes de { $when }.
dup-never = Nadie ha buscado duplicados todavía.
dup-running = Buscando duplicados
dup-running-words = { $done } de { $total } registros
dup-failed = La búsqueda de duplicados se detuvo. Iníciela de nuevo: continúa con lo que falta.
dup-none = Aquí no hay duplicados
dup-none-note = Tras una búsqueda, los pares aparecen aquí hasta que se fusionan o se declaran distintos.
dup-group = { $count ->
    [one] Un registro que puede ser otro
   *[other] { $n } registros que pueden ser el mismo
}
dup-merge = Fusionar…
dup-dismiss = No es un duplicado
dup-dismissed = No volverán a mostrarse como duplicados hasta que cambie en uno de ellos lo que tienen en común.
dup-likely-sure = casi seguro
dup-likely-likely = probable
dup-likely-perhaps = quizá
dup-sign-same = coincide: { $field }
dup-sign-name = mismo nombre
dup-sign-name-company = mismo nombre y empresa
dup-sign-name-birthday = mismo nombre y fecha de nacimiento
dup-sign-name-address = mismo nombre y dirección
dup-looks = { $count ->
    [one] Esto se parece a un registro que ya existe. Ábralo o continúe.
   *[other] Esto se parece a { $n } registros que ya existen. Ábralos o continúe.
}
dup-anyway = Crear de todos modos
dup-merge-title = Fusionar { $name } y { $other }
dup-merge-lead = Elija qué valores quedan. No ocurre nada hasta que pulse Fusionar.
dup-fields = Lo que queda
dup-swap = Intercambiar los dos
dup-keeps = Queda
dup-goes = Se fusiona en él
dup-choose = { $field }: el valor de { $name }
dup-both = Conservar ambos
dup-rule = decidido por usted: sus valores no se ven con esta finalidad
dup-same = { $count ->
    [one] Otro campo es igual en ambos.
   *[other] Otros { $n } campos son iguales en ambos.
}
dup-moves = Lo que se traslada
dup-moves-none = Nada más apunta al registro que se fusiona.
dup-moves-entries = Entradas de la cronología
dup-stays = Lo que queda donde está, porque está limitado
dup-kept-note = El registro fusionado no se destruye: sale de las listas, la búsqueda, la cronología y las exportaciones, y conserva su historial, su prueba y su plazo. Una solicitud de acceso o supresión de la persona abarca ambos.
dup-merge-do = Fusionar
dup-undo-note = Puede deshacerse más tarde.
dup-merged = Fusionados. Ambos historiales siguen siendo demostrables.
dup-merged-title = Este registro se fusionó
dup-merged-into = Sus datos están ahora en
dup-merged-note = Ya no aparece en listas ni búsquedas. Se conserva y se prueba como cualquier otro, y forma parte de toda solicitud de acceso o supresión de la persona.
dup-merged-by = Fusionado { $when } por { $who }
dup-open = Abrir ese registro
dup-evidence = Historial y prueba
dup-moving = Lo que apuntaba a él aún se está trasladando. Después podrá deshacerse.
dup-unmerge = Deshacer la fusión
dup-unmerge-note = Vuelve a las listas y la búsqueda, lo trasladado vuelve a apuntar a él y el otro registro recupera sus valores donde nadie los ha cambiado desde entonces.
dup-unmerged = La fusión se ha deshecho.
dup-unmerged-left = La fusión se ha deshecho. Estos campos se cambiaron después y quedan como están: { $fields }.
dup-parts = Fusionados en este registro
dup-refused-held = Una retención legal mantiene { $name } como está.
dup-refused-held-matter = La retención legal «{ $matter }» mantiene { $name } como está.
dup-refused-held-do = Pregunte a quien la impuso. Cuando se levante, podrán fusionarse.
dup-refused-restricted = { $name } está limitado: se conserva por motivos legales y no se usa.
dup-refused-restricted-do = Podrán fusionarse cuando termine la limitación.
dup-refused-requested = Hay una solicitud abierta de { $name } ({ $right }).
dup-refused-requested-do = Respóndala y ciérrela primero, para que la respuesta abarque lo que se pidió. Después, fusione.
