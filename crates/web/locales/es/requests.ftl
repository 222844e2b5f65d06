# Solicitudes, paquetes de acceso, supresión.
requests-title = Solicitudes de derechos
requests-new = Registrar una solicitud
requests-new-title = Registrar una solicitud
requests-record = Iniciar el plazo
requests-record-note = El plazo cuenta desde el día de recepción.
requests-none = No hay solicitudes
requests-none-note = Cuando una persona pide acceso a sus datos, su rectificación o supresión, aparece aquí con su plazo.
requests-number = Solicitud
requests-person = Persona
requests-received = Recibida
requests-state = Estado
requests-due = Plazo
request-log = Qué ocurrió
request-counted = ¿Cómo se cuenta?
request-extend = Prorrogar el plazo
request-extend-do = Prorrogar e informar a la persona
request-refuse = Denegar
request-refuse-do = Denegar e informar a la persona
request-refuse-note = La respuesta indica el motivo, su fuente y la vía de reclamación.
request-ground = Motivo
request-reason = Explicación, en palabras que la persona entienda
package-title = Paquete de acceso
package-contents = Contenido
package-ready = listo
package-download = Descargar el paquete
package-left-out = Excluido, y por qué
package-nothing-left-out = Nada por ahora. Lo que deba quedar fuera figura aquí con su motivo.
erasure-title = Plan de supresión
erasure-nothing-yet = aún no se ha suprimido nada
erasure-goes = Se suprime
erasure-goes-note = ilegible en todas las copias de los datos
erasure-stays = Queda, bloqueado
erasure-stays-note = legible solo para su obligación legal
erasure-held = Retenido
erasure-held-note = se decide de nuevo 30 días después de la última retención
erasure-confirm = Suprimir
erasure-none = Ahora no puede suprimirse nada
erasure-none-note = Cada línea dice qué lo impide. Responda primero a lo pendiente y planifique de nuevo; lo que la ley conserva queda bloqueado por la propia solicitud.
erasure-back = Volver, no suprimir nada
erasure-type = Escriba { $n } para suprimir { $n }
erasure-password = Su contraseña otra vez
erasure-do = { $count ->
    [one] Suprimir 1 elemento
   *[other] Suprimir { $n } elementos
}
erasure-ask-second = Pedir a una segunda persona
erasure-propose = Una segunda persona debe estar de acuerdo
erasure-propose-note = { $count ->
    [one] Un elemento está sometido a revisión y sigue ahí. Pida a otra persona que apruebe su supresión.
   *[other] { $n } elementos están sometidos a revisión y siguen ahí. Pida a otra persona que apruebe su supresión.
}
erasure-propose-reason = La persona pidió la supresión; una regla lo somete a revisión.
erasure-done = Suprimido
erasure-partly = Suprimido en parte
erasure-stayed = Lo que queda
erasure-certificate = Certificado de destrucción
erasure-certificate-download = Descargar el certificado
request-right-access = Acceso
request-right-know = Conocimiento
request-right-port = Portabilidad
request-right-restrict = Limitación
request-right-rectify = Rectificación
request-right-object = Oposición
request-right-erase = Supresión
request-right-opt-out = Exclusión voluntaria
request-right-adm = Decisiones automatizadas
request-state-received = Recibida
request-state-identity = Identidad
request-state-collecting = Recopilación
request-state-decided = Decidida
request-state-fulfilled = Respondida
request-state-refused = Denegada
request-state-partly = Respondida en parte
request-person-gone = ya no está
request-person-help = Abra este formulario desde la página de la persona o pegue el identificador de su dirección.
request-right = Pide
request-received-on = Recibida el
request-why = Qué se pidió y por qué vía
request-law = Legislación
request-identity = Identidad
request-identity-settled = verificada
request-identity-open = aún sin verificar
request-confirm-identity = Identidad verificada
request-confirmed-words = Verificada a la vista de la solicitud, en la página.
request-make-package = Elaborar el paquete
request-to-package = Ir al paquete
request-review-plan = Revisar el plan de supresión
request-answered = Marcar como respondida
request-counted-from = Recibida { $day }.
request-counted-due = Último día para responder: { $day } ({ $citation }).
request-extend-to = Hasta { $day }, una sola vez, informando del motivo ({ $citation }).
request-ground-excessive = Manifiestamente infundada o excesiva
request-ground-identity = No se pudo identificar a la persona
request-ground-law = Una ley lo prohíbe
request-tab-open = Abiertas
request-tab-closed = Cerradas
request-received-note = recibida { $day }
requests-recorded = { $count ->
    [one] La apertura de esta página se registró como un solo evento que nombra a esta persona.
   *[other] La apertura de esta página se registró como un solo evento que nombra a estas { $n } personas.
}
request-recorded = La apertura de esta página se registró.
package-making = Elaborando el paquete
package-made = Paquete elaborado
package-not-asked = Aún no se ha pedido ningún paquete.
package-stopped = No se pudo elaborar el paquete.
package-of = { $done } de { $total } fichas
package-note = { $size } · guardado sellado, caduca { $day }
package-records = Fichas
package-left-note = Lo que concierne a otras personas se retira y se cuenta dentro del paquete.
erasure-line = { $n } × { $kind }
erasure-at-once = de inmediato
erasure-no-date = sin fecha
erasure-redacted = Se retira a la persona; queda para los demás a quienes concierne
erasure-others = { $count ->
    [one] Una ficha concierne también a otras personas.
   *[other] { $n } fichas conciernen también a otras personas.
}
erasure-second = { $count ->
    [one] Una ficha espera después la aprobación de una segunda persona.
   *[other] { $n } fichas esperan después la aprobación de una segunda persona.
}
erasure-suppressed = Queda una huella con clave, para que se rechace una importación posterior de esta persona.
erasure-expires = Este plan vale hasta { $when }, o hasta que algo en él cambie.
erasure-reason = Supresión confirmada en el plan.
erasure-summary = { $erased } suprimidos, { $restricted } bloqueados, { $kept } conservados.
erasure-copies = Ilegible ya en todas las copias de los datos; en las copias antiguas de las claves, cuando estas se hayan sustituido.
erasure-number = Número
erasure-unread = Una ficha fuera de su alcance
erasure-time = Hora
erasure-request = Solicitud
erasure-recipient = { $recipient } recibió datos de esta persona ({ $what }) y debe ser informado de la supresión.
recipients-title = Quién recibió sus datos
recipients-none = No hay nadie anotado. A quien recibió datos de esta persona se le informa de una supresión, rectificación o limitación (art. 19 del RGPD).
recipients-standing = Aún hay destinatarios por informar. La solicitud termina con el último.
recipients-enter = Anotar un destinatario
recipients-note = En palabras y sin los datos de la persona: la anotación perdura hasta informar al destinatario.
recipients-who = Destinatario, y cómo se le contacta
recipients-what = Qué recibió
recipients-purpose = Para qué, y con qué base jurídica
recipients-how = Cómo se le informó, o por qué es imposible
recipients-tell = Fue informado
recipients-cannot = Es imposible
recipient-holds = tiene los datos
recipient-to-tell = por informar
recipient-told = informado
recipient-impossible = imposible
