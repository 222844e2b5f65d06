# Lo que pone fin a algo: la página anterior, y lo que espera a una segunda persona.
confirm-title = Antes de continuar
confirm-nothing-yet = aún no ha pasado nada
confirm-goes = Se destruye
confirm-stays = Se conserva
confirm-back = Volver, no cambiar nada
confirm-type = { $count ->
    [one] Escriba 1: se destruye un elemento
   *[other] Escriba { $n }: se destruyen tantos elementos
}
confirm-not-the-number = Escriba el número de elementos que se destruyen, tal como figura en esta página. No se ha cambiado nada.
confirm-at-once = de inmediato
approvals-title = Aprobaciones
approvals-lead = Lo que solo se destruye cuando una segunda persona está de acuerdo.
approvals-tab-waiting = Pendientes
approvals-tab-done = Ejecutadas
approvals-none = Nada espera a una segunda persona
approvals-none-note = Lo que una regla somete a revisión se propone en la página «Conservación» o tras una supresión. Permanece aquí hasta que otra persona esté de acuerdo.
approvals-none-done = Aún no se ha destruido nada
approvals-none-done-note = Cada orden de destrucción figura aquí con el número de su certificado.
approvals-cause-expiry = { $count ->
    [one] Destrucción de 1 ficha
   *[other] Destrucción de { $n } fichas
}
approvals-cause-erasure = { $count ->
    [one] Supresión de 1 ficha
   *[other] Supresión de { $n } fichas
}
approvals-cause-undo = { $count ->
    [one] Reversión de 1 ficha
   *[other] Reversión de { $n } fichas
}
approvals-cause-expiry-fields = { $count ->
    [one] Destrucción de 1 campo de una ficha
   *[other] Destrucción de { $n } campos de una ficha
}
approvals-cause-erasure-fields = { $count ->
    [one] Supresión de 1 campo de una ficha
   *[other] Supresión de { $n } campos de una ficha
}
approvals-cause-undo-fields = { $count ->
    [one] 1 campo de una importación revertido
   *[other] { $n } campos de una importación revertidos
}
approvals-fields = { $record }: solo { $fields }
approvals-order-expiry = Destrucción
approvals-order-erasure = Supresión
approvals-order-undo = Importación revertida
approvals-proposed = propuesto por { $name }, { $when }
approvals-state = { $done } de { $needed } aprobaciones
approvals-reason = Motivo de la propuesta
approvals-by = Aprobado por
approvals-nobody = Nadie todavía.
approvals-another = Debe aprobarlo otra persona
approvals-own = Usted lo propuso. Otra persona autorizada a destruir fichas abre esta página y decide.
approvals-before = Usted ya lo aprobó. Cada persona cuenta una vez.
approvals-approve = Aprobar
approvals-why = Su motivo
approvals-order = Destruir ahora
approvals-order-note = Se decide de nuevo bajo bloqueo. Primero se destruyen las claves y después lo que abrían; un certificado lo acredita.
approvals-withdraw = Rechazar o retirar
approvals-withdraw-note = Con ello no se destruye nada; puede proponerse de nuevo.
approvals-proposed-done = Propuesto. Espera la aprobación de otra persona.
approvals-approved-done = Aprobado.
approvals-withdrawn-done = Retirado; no se ha destruido nada.
approvals-destroyed = Destruido, con certificado { $number }.
approvals-gone = Ya destruido
approvals-certified = certificado
approvals-certificate = Certificado
approvals-under-way = en curso
