# Conservación.
retention-title = Conservación
retention-note = cuánto se conserva cada ficha, y según qué regla
retention-coverage = Cubiertas por una regla
retention-covered = { $covered } de { $all }
retention-uncovered = Sin regla no se elimina nada. Elija una para:
retention-statutory = Exigido por ley
retention-statutory-note = plazos mínimos; nada los acorta
retention-recommended = Recomendado
retention-recommended-note = su política; puede cambiarla
retention-packs = Conjuntos de reglas
retention-adopt = Adoptar
retention-settings = Ajustes
rule-name = Regla
rule-period = Plazo
rule-effect = Efecto
rule-citation = Fuente
rule-checked = Comprobada
rule-pack = Conjunto
retention-plan = Mostrar lo que vence
retention-sweep = Ejecutar ahora
sweep-records = { $count ->
    [one] 1 ficha
   *[other] { $n } fichas
}
sweep-decided = { $count ->
    [one] Hay que examinar una ficha
   *[other] Hay que examinar { $n } fichas
}
sweep-goes = Vencida, y su regla dice que nadie tiene que revisarla. Su clave se destruye y un certificado lo acredita.
sweep-review = Vencida, pero una regla la somete a revisión: espera a una persona.
sweep-erasure = Supresión solicitada: se hace en la página de la solicitud.
sweep-unclassified = No se aplica ninguna regla. Sin regla no se destruye nada.
sweep-suspended = El reloj y el libro mayor no coinciden: no se destruye nada hasta confirmar la hora.
sweep-held = La conserva una retención legal. Se decide de nuevo 30 días después de la última.
sweep-nothing = No se destruye nada
sweep-nothing-note = Ahora no vence nada. Una pasada solo anota lo que se decidió.
queue-title = Vencido, a la espera de una persona
queue-none = Nada espera. Lo que una regla somete a revisión aparece aquí a su vencimiento.
queue-choose = Elegir
queue-record = Ficha
queue-kind = Tipo
queue-due = Vence, y por qué
queue-fields = solo { $fields }
queue-reason = Por qué deben destruirse
queue-propose = Proponer su destrucción
queue-note = Una propuesta no destruye nada. Antes la aprueba otra persona.
queue-proposed = propuesta
retention-planned = Esto es lo que encontraría ahora una pasada. No se ha cambiado nada.
retention-swept = { $count ->
    [one] Ejecutado. Se destruyó 1 ficha.
   *[other] Ejecutado. Se destruyeron { $n } fichas.
}
retention-strength-law = ley
retention-strength-claims = acciones legales
retention-strength-contract = contrato
retention-strength-policy = política
retention-ignored = sin uso
retention-effect-min = conservar al menos
retention-effect-max = conservar como máximo
retention-effect-prohibit = no conservar nunca
retention-own = propia
retention-years = { $count ->
    [one] 1 año
   *[other] { $n } años
}
retention-months = { $count ->
    [one] 1 mes
   *[other] { $n } meses
}
retention-weeks = { $count ->
    [one] 1 semana
   *[other] { $n } semanas
}
retention-days = { $count ->
    [one] 1 día
   *[other] { $n } días
}
retention-from-calendar-year-end = desde el fin del año
retention-from-fiscal-year-end = desde el cierre del ejercicio
retention-rules = { $count ->
    [one] 1 regla
   *[other] { $n } reglas
}
retention-adopted = adoptado
retention-count-decided = Examinadas
retention-count-due = Vencidas
retention-count-overdue = Con retraso
retention-count-review = Esperan a una persona
retention-count-erasure = Supresión solicitada
retention-count-held = Bajo retención legal
retention-count-unclassified = Sin regla
retention-count-restricted = Limitadas
retention-count-escalated = Debe decidir una persona
retention-count-suspended = Reloj no fiable
retention-count-disposed = Destruidas
retention-not-set = sin fijar
retention-grace = Margen
retention-cool-off = Tras una retención
retention-country = País
retention-industry = Sector
retention-approvers = Aprobaciones para lo revisado

clock-title = No se destruye nada hasta confirmar la hora
clock-leapt = El reloj pasó de { $from } a { $to } sin una sola anotación en el libro mayor entre medias. Un reloj adelantado haría vencer fichas antes de tiempo.
clock-missing = { $count ->
    [one] Falta que { $count } persona diga que ahora es correcta.
   *[other] Falta que { $count } personas digan que ahora es correcta.
}
clock-reason = Cómo sabe que la hora es correcta
clock-confirm = La hora es correcta
