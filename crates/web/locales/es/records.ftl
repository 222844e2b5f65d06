# Listas, fichas, formularios de todo tipo.
list-total = { $total } · { $shown } mostradas
list-search = Buscar en { $title }
list-import = Importar
list-export = Exportar
list-filter = Filtrar
list-filters = { $count ->
    [one] Filtro · 1
   *[other] Filtros · { $n }
}
list-new = Crear { $kind }
list-many = más de 1000
list-all = Todas
list-mine = Mías
list-open = Abiertas
list-recorded = { $count ->
    [one] La apertura de esta página se registró como un solo evento que nombra esta ficha.
   *[other] La apertura de esta página se registró como un solo evento que nombra estas { $n } fichas.
}
list-order-note = Aquí empiezan igual tantos nombres que su orden puede variar tras las primeras letras.
list-withheld-note = No disponible para la finalidad { $purpose }: { $fields }.
list-withheld-switch = Para la finalidad { $purpose } no puede ver la lista de { $kind }. Cambie a { $other }.
list-withheld-ask = Para la finalidad { $purpose } no puede ver la lista de { $kind }. Pida a su administrador un rol que lo permita.
list-searched = Búsqueda de «{ $words }»
list-past-end = No hay nada después de la página anterior.
list-belongs = Este es el lugar de: { $kind }. Cree la primera ficha.
list-belongs-person = Personas con las que trata. Importe una hoja o cree la primera a mano.
list-belongs-company = Empresas con las que trata. Importe una hoja o cree la primera a mano.
list-belongs-message = Los mensajes llegan por captura: una carpeta, un archivo de buzón o una subida. Cada uno se conserva como llegó.
list-belongs-task = Qué hay que hacer, quién y para cuándo. Cree la primera tarea.
list-kept = Conservación
kept-soon = { $count ->
    [0] termina hoy
    [one] termina en 1 día
   *[other] termina en { $n } días
}
kept-late = { $count ->
    [one] terminó hace 1 día
   *[other] terminó hace { $n } días
}
state-restricted = limitada
link-withheld = no disponible
record-unnamed = Sin nombre
list-none-yet = Aquí no hay nada todavía
list-none-match = No hay coincidencias
list-withheld = No disponible para esta finalidad
kept-held = retenida
filter-sealed-note = A los campos sellados se les puede preguntar si son o contienen una palabra. Lo que usted escribe nunca figura en una dirección ni se registra; que preguntó, sí.
filter-sealed-field = { $field } (sellado)
filter-conditions = Condiciones
filter-group = Añadir un grupo de condiciones
filter-group-n = Grupo { $n }
filter-match = Cuántas de estas condiciones deben cumplirse
filter-all-hold = Todas
filter-any-holds = Alguna
filter-any-of = Alguna de:
filter-and = y
filter-or = o
filter-too-deep = Las condiciones actuales están más anidadas de lo que muestra este formulario. Lo que aplique aquí las sustituye.
list-columns = Columnas
columns-legend = Los campos marcados se muestran, en este orden, después del nombre
columns-earlier = Adelantar { $field }
columns-later = Atrasar { $field }
columns-apply = Mostrar estas
columns-usual = Las habituales
view-menu = Vistas
view-changed = cambiada
view-what = Una vista guarda lo que esta lista muestra ahora: filtro, orden y columnas. Está sellada, porque un filtro puede nombrar a personas.
view-name = Nombre de la vista
view-first-me = Abrir { $title } con ella, para mí
view-share = La ven todos
view-first-all = Abrir { $title } con ella, para todos
view-save = Guardar los cambios
view-save-new = Guardar como vista nueva
view-save-first = Guardar la vista
view-not-yours = Esta vista es de todos. La cambia quien puede compartir vistas; usted puede abrir con ella o guardar una propia.
view-delete = Eliminar esta vista
view-delete-note = Elimina la vista y ninguna ficha. Si está compartida, desaparece para todos.
view-delete-now = Eliminar la vista
view-shared = compartida
view-first = se abre primero
view-unusable = no para { $purpose }
view-missing = Esta vista nombra lo que ya no existe: { $fields }. Funciona sin ello. Guarde los cambios y lo olvidará.
view-saved = La vista está guardada.
view-deleted = La vista está eliminada.
filter-created = Creada
filter-updated = Cambiada
filter-kept-until = Conservada hasta
filter-state = Estado
filter-field = Campo
filter-op = Comparación
filter-value = Valor
filter-apply = Aplicar
filter-clear = Quitar el filtro
filter-leave-out = quitar
filter-none = Elija un campo
filter-chosen = el elegido
op-eq = es
op-ne = no es
op-lt = es anterior o inferior a
op-le = es como máximo
op-gt = es posterior o superior a
op-ge = es como mínimo
op-in = es uno de
op-is-empty = está vacío
op-not-empty = tiene un valor
op-contains = contiene las palabras
op-starts = tiene una palabra que empieza por
record-jump = En esta página
record-facts = Datos
record-timeline = Cronología
record-keep = Conservación y derechos
record-empty = { $count ->
    [one] Mostrar 1 vacío
   *[other] Mostrar { $n } vacíos
}
record-all = Todo
record-saved = Guardado como versión { $version }.
record-recorded = La apertura de esta página se registró.
record-version = Versión { $version }, guardada { $when }
record-versions = Todas las versiones
history-title = Versiones de { $name }
history-lead = Cada versión sigue siendo legible hasta que la destruya una regla o una solicitud.
history-version = Versión { $version }
history-current = vigente
history-before = Antes
history-after = Después
history-nothing = Guardada de nuevo sin cambios.
history-gone = Sus valores, o los anteriores, fueron destruidos.
seen-looked = { $when }, finalidad { $purpose }
seen-revealed = mostró un valor { $when }, finalidad { $purpose }
record-with = con { $name }
record-kept-by = Lo lleva Probity
record-withheld = { $count ->
    [one] Un campo no está disponible.
   *[other] { $n } campos no están disponibles.
}
record-acting = Actúa para la finalidad { $purpose }.
show-everything = Todo
show-messages = Mensajes
show-notes = Notas
show-tasks = Tareas
show-files = Archivos
show-changes = Cambios
day-today = Hoy
day-yesterday = Ayer
line-created = Creación
line-changed = Cambio
line-changed-fields = Cambio:{" "}
line-was-changed = {" "}cambió
line-was-changed-fields = {" "}cambió:{" "}
line-by = {" "}por { $name }
keep-earliest = Puede destruirse desde
keep-latest = Destruida a más tardar
keep-holds = Retenciones
keep-held = una retención legal
keep-no-hold = ninguna
reason-hold = Una retención legal
reason-cool-off = Espera tras la última retención legal
reason-request = Una solicitud abierta de la persona
reason-capture = Fecha declarada lejana a la captura
reason-clock = El reloj y el libro mayor no coinciden
reason-no-day = un día aún desconocido
reason-from = contado desde { $day }
effect-floor = Conservar hasta { $day }
effect-yields = Se conservaría hasta { $day }, cede
effect-open-floor = Conservar; el plazo no ha empezado
effect-ceiling = Destruir a más tardar el { $day }
effect-open-ceiling = Terminará; el plazo no ha empezado
effect-prohibits = No debe almacenarse
effect-open-prohibition = No debe almacenarse una vez ocurra su desencadenante
effect-holds = Conservar hasta que se levante
effect-freezes = Conservar hasta responder
effect-anchors = Cuenta desde { $day }
effect-suspends = No se destruye nada hasta confirmar la hora
use-basis = no requiere consentimiento
use-consented = con consentimiento
use-no-consent = sin consentimiento
use-stopped = cesado
record-no-timeline = Aquí aún no ha ocurrido nada.
record-evidence = Pruebas
reveal = Mostrar
reveal-field = Mostrar { $field }
reveal-reason = Motivo
keep-title = Por qué podemos conservarla
keep-why = ¿Por qué?
keep-decides = decide
keep-version = v{ $version }
uses-title = Puede usarse para
seen-title = Vista por
rights-title = Sus derechos
rights-package = Elaborar paquete de acceso
rights-erase = Planificar la supresión
rights-erase-note = Primero un plan: muestra qué se suprime y qué queda. Con él no se suprime nada.
file-preview = Vista previa
file-no-preview = Sin vista previa para este tipo
file-no-preview-note = Descárguelo para verlo. La descarga se registra.
file-about = Sobre este archivo
file-used = Pertenece a
form-edit = Editar { $name }
form-more = Más
form-many = Uno por línea.
form-link = Escriba el nombre; se busca al guardar.
form-masked = Ahora { $mask }. Déjelo vacío para conservarlo; lo que escriba lo sustituye.
form-address = { $field }: { $part }
address-street = calle
address-city = ciudad
address-region = región
address-postal_code = código postal
address-country = país
form-note-new = Se escribe como versión 1, con su prueba.
form-note = Al guardar se escribe la versión { $next }; la versión { $now } sigue legible en el historial.
form-withheld = { $count ->
    [one] Un campo no está disponible para esta finalidad; al guardar queda como está.
   *[other] { $n } campos no están disponibles para esta finalidad; al guardar quedan como están.
}
conflict-saved = No guardado: la versión { $version } se guardó { $when }, después de que abriera este formulario.
conflict-empty = vacío
lookup-none = No hay nada con ese nombre a su alcance ({ $kind }). Revise la ortografía o cree antes la ficha. Su texto se conserva.
lookup-several = Podrían ser varios: { $names }. Escriba el nombre completo ({ $kind }).
export-title = Exportación de { $kind }
export-back = Volver a la lista
export-exactly = Exactamente esta lista: su filtro, búsqueda, orden y columnas.
export-format = Formato
export-as-csv = CSV
export-as-xlsx = Excel (XLSX)
export-as-vcard = Tarjetas (vCard)
export-purpose = Finalidad
export-asked = Pedido para
export-unmasked = Campos ocultos completos, hasta donde puedo exportarlos
export-form-note = Se registra como un solo evento que nombra cada ficha. El archivo se guarda sellado para usted durante 7 días.
export-start = Iniciar la exportación
export-made = El archivo está listo
export-making = Escribiendo el archivo
export-stopped = La exportación se detuvo.
export-cancelled = La exportación se canceló. No se extrajo nada.
export-rows = { $count ->
    [one] Una ficha
   *[other] { $n } fichas
}
export-cancel-note = Una exportación cancelada no extrae nada.
export-note = { $size }. Puede recogerse hasta { $day }; entonces se destruye.
export-download = Descargar
export-what = Qué se pidió
export-one-event = El archivo se registró como un solo evento que nombra cada ficha que contiene. Cada descarga también se registra.
log-what = Qué anotar
log-as-note = Nota
log-as-task = Tarea
log-as-comment = Comentario
log-text = Texto
log-placeholder = Anote qué ocurrió, qué hay que hacer, o pregunte a un @colega
log-hint = La primera línea es el título. @Nombre avisa a un colega.
log-save = Guardar
log-type = Tipo de nota
log-type-note = Nota
log-type-call = Llamada
log-type-meeting = Reunión
log-due = Vence
log-time = Hora
log-owner = Para
log-remind = Recordatorio
log-remind-none = Sin recordatorio
log-remind-due = Cuando venza
log-remind-hour = Una hora antes
log-remind-day = El día anterior, 9:00
log-remind-week = Una semana antes, 9:00
log-mention = Avisar a colegas
log-text-empty = Escriba algo primero. Lo demás que rellenó se conserva.
log-due-wrong = Escriba la fecha como 2026-11-21. Su texto se conserva.
log-time-wrong = Escriba la hora como 14:30. Su texto se conserva.
log-due-needed = Una hora necesita su día. Su texto se conserva.
log-owner-wrong = Elija a alguien que trabaje aquí. Su texto se conserva.
log-remind-needs-due = Un recordatorio se cuenta desde el vencimiento. Indique uno o elija sin recordatorio.
log-saved-note = Nota guardada.
log-saved-task = Tarea guardada.
log-saved-comment = Comentario guardado.
task-ticked = Hecha.
task-opened = Abierta de nuevo.
task-done = Hecha
task-for = Para { $name }
task-due-at = { $when }, { $time }
task-open-again = Reabrir: { $title }
act-undone = Deshecho. Lo que había antes vuelve a estar, en una versión nueva.

# Tableros
layouts = Disposición
layout-table = Tabla
layout-board = Tablero
layout-board-by = Tablero por { $field }
layout-groups = Grupos
layout-groups-by = Grupos por { $field }
layout-calendar = Calendario
layout-calendar-by = Calendario por { $field }
groups-all = Todos
list-sum = Suma de { $total }
calendar-month = { $month } de { $year }
month-long-1 = Enero
month-long-2 = Febrero
month-long-3 = Marzo
month-long-4 = Abril
month-long-5 = Mayo
month-long-6 = Junio
month-long-7 = Julio
month-long-8 = Agosto
month-long-9 = Septiembre
month-long-10 = Octubre
month-long-11 = Noviembre
month-long-12 = Diciembre
calendar-months = Meses
calendar-earlier = El mes anterior
calendar-later = El mes siguiente
calendar-now = Este mes
calendar-by = por { $field }
calendar-none = Nada tiene día en estas semanas.
calendar-more = { $n } más
calendar-all = Todo lo de este día
calendar-count = { $n } en estas semanas
calendar-to = Al día
calendar-move = Mover
calendar-leave = Dejar sin día
board-of = { $title } en tablero
board-none = Ninguna aquí. Mueva una con m.
board-without = Sin
board-move = Mover…
board-all = Todas como lista
board-more = más de { $n }
board-moved = Movida, en una versión nueva.

# Muchas fichas a la vez
bulk-choose = Elegir
bulk-choose-row = Elegir { $name }
bulk-choose-page = { $count ->
    [one] Elegir la de esta página
   *[other] Elegir las { $n } de esta página
}
bulk-choose-rows = Elegir filas (x)
bulk-chosen-n = # elegidas en esta página
bulk-chosen = Cambiar las elegidas…
bulk-all = Todas las que coinciden…
bulk-all-n = { $count ->
    [one] La que coincide…
   *[other] Las { $n } que coinciden…
}
bulk-title = { $n } elegidas de { $kind }
bulk-what = Qué se hace con ellas
bulk-count = Cuántas
bulk-would = Qué resultaría
bulk-done = Qué resultó
bulk-so-far = Hasta ahora
bulk-was-cancelled = Detenido: lo hecho antes
bulk-again = Elegir otra acción
bulk-assign = Darles un responsable
bulk-owner = Responsable
bulk-nobody = Nadie
bulk-set = Fijar un campo
bulk-field = Campo
bulk-choose-field = Elegir este campo
bulk-empties = Si se deja vacío, vacía el campo.
bulk-add = Vista previa de añadirlo
bulk-remove = Vista previa de quitarlo
bulk-preview = Vista previa
bulk-propose = Proponer su destrucción
bulk-propose-note = Una propuesta no destruye nada: otros la aprueban, y lo que una regla o retención conserva no entra en ella.
bulk-reason = Motivo
bulk-running = Cambiando las fichas
bulk-progress = { $done } de { $total }
bulk-cancel-note = Lo cambiado antes se queda; cada ficha tiene su versión anterior.
bulk-run = { $count ->
    [one] Cambiar la ficha
   *[other] Cambiar { $n } fichas
}
bulk-run-propose = { $count ->
    [one] Proponer la ficha
   *[other] Proponer { $n } fichas
}
bulk-note-frozen = El conjunto queda como se eligió: lo que coincida después no entra. Vale 15 minutos. Ningún campo sellado se abre para la vista previa.
bulk-note-done = Cada ficha cambiada tiene una versión nueva; la anterior queda en su historial.
bulk-note-proposed = Una propuesta contiene como máximo 100 fichas. Esperan a una segunda persona.
bulk-to-approvals = Ir a las aprobaciones
bulk-will-change = Cambiarán
bulk-will-propose = Se propondrán
bulk-did-change = Cambiadas
bulk-did-propose = Propuestas
bulk-reason-same = Ya están así
bulk-reason-held = Retenidas: las conserva una retención legal
bulk-reason-kept = Conservadas: las guarda una regla de conservación
bulk-reason-waits = En espera: una solicitud abierta, el reloj o ninguna regla
bulk-reason-restricted = No permitido: limitadas, conservadas y sin uso
bulk-reason-out-of-reach = No permitido: usted no puede cambiarlas
bulk-reason-changed = Omitidas: cambiadas desde que se eligieron
bulk-reason-refused = No permitido: quedaría vacío un campo obligatorio
bulk-act-set = { $field } pasa a ser { $value }
bulk-act-empty = { $field } se vacía
bulk-act-add = { $value } se añade a { $field }
bulk-act-remove = { $value } se quita de { $field }
bulk-act-assign = { $name } pasa a ser responsable
bulk-act-nobody = Ya no tienen responsable
bulk-act-propose = Propuestas para destrucción: { $reason }
fact-edit = Editar { $field }
form-edit-field = { $field } de { $name }
conflict-field = No guardado: { $who } cambió { $field } { $when }. Su texto se conserva; si guarda de nuevo, sustituye el otro.
restore-look = Restaurar la versión { $version }
restore-title = Versión { $version } de { $name }
restore-lead = Qué cambia al restaurar esta versión. Aún no ha cambiado nada.
restore-changes = { $count ->
    [one] Cambia un campo
   *[other] Cambian { $n } campos
}
restore-now = Ahora
restore-then = Entonces
restore-nothing = No cambiaría nada: lo que dice esta versión es lo que hay ahora.
restore-lost = No puede volver: { $fields }
restore-lost-note = El valor de esa versión fue destruido por una regla o una solicitud, en todas las copias. El campo queda como está.
restore-do = Restaurar esta versión
layout-pipeline = Tablero: { $field }
deals-open = { $n } abiertas: { $sum }
deals-won = { $n } ganadas: { $sum }
board-likely = { $sum } probables
board-summary = Abierto: { $open } · probable: { $likely }
board-rots = { $count ->
    [one] { $n } día aquí
   *[other] { $n } días aquí
  }
stage-bar = Embudo { $pipeline }
stage-to = Mover a { $stage }
stage-none = Aún no está en ninguna etapa.
stage-since = { $stage }, desde { $when }
stage-at = { $stage }
stage-closed = { $stage } el { $day }
stage-closed-why = { $stage } el { $day }: { $reason }
closing-won = ¿Por qué se ganó { $name }?
closing-lost = ¿Por qué se perdió { $name }?
closing-note = El motivo cuenta en los informes. Se puede cambiar después.
closing-reason = Motivo
closing-choose = Elija uno…
closing-needed = En este embudo nada se cierra sin un motivo.
closing-words = Con sus propias palabras
closing-words-help = Sellado; solo lo lee quien puede ver este registro.
form-links = Un nombre por línea; se buscan al guardar.
form-file = Enviar un archivo para { $field }
file-attach = Adjuntar archivos
file-attach-do = Adjuntar
file-choose = Elija primero un archivo.
file-attached = { $count ->
    [one] El archivo está guardado.
   *[other] { $count } archivos están guardados.
}
form-file-help = Envíe un archivo o escriba el nombre de uno que ya esté aquí.
record-goto = Ir al día
record-goto-do = Ir
record-goto-now = Volver a ahora

# Lines of deals and orders.
line-title = Líneas
line-none = Aún no hay líneas. Añada la primera: qué, cuánto y por cuánto.
line-what = Descripción
line-quantity = Cantidad
line-price = Precio
line-discount = Descuento
line-tax = Impuesto
line-net = Neto
line-gross = Bruto
line-acts = Qué hacer con la línea
line-up = Subir: { $name }
line-down = Bajar: { $name }
line-edit = Editar: { $name }
line-remove = Quitar: { $name }
line-add = Añadir línea
line-add-help = Lo que deje en blanco viene del producto: descripción, unidad, precio, impuesto. Medio céntimo se redondea hacia arriba, una vez por línea. Alt y una flecha mueven una línea.
line-removed = La línea se quitó. Ya no cuenta y se conserva con aquello a lo que pertenecía.
line-followed = { $amount }: sigue estas líneas.
line-not-followed = { $amount }: se escribe a mano.
line-follow = Que siga las líneas
line-unfollow = Escribirlo a mano
line-changed-meanwhile = Alguien cambió esta línea mientras tanto. Vuelva a cargar la página y repita el cambio.
