nav-reports = Informes
percent = { $n } %
report-show = Mostrar
report-currency = Moneda
report-nothing = Nada que contar
report-recorded = Esta ejecución quedó registrada como un evento. Cuenta lo que usted puede listar, y nada más.
report-amounts-withheld = Los importes se retienen para esta finalidad: no hay sumas.
report-all-in = Todo en { $currency }
report-converted = Convertido: { $rates }.
report-rate = 1 { $currency } = { $rate } { $base } (cambio del { $day })
report-not-in = Sumas en { $one }. No incluidas: { $others }.
report-enter-rates = Introduzca cambios para verlo todo junto.
report-pipeline = Embudo
report-every-pipeline = Todos los embudos
report-from = Desde
report-to = Hasta
report-wrong-day = Escriba el día como 2026-11-21. Se muestran los últimos doce meses.
report-whose = De quién
report-everybody = De todos
report-mine = Mías
report-nobody = De nadie
report-ahead = Horizonte
report-months = { $count ->
    [one] { $n } mes
   *[other] { $n } meses
  }
report-deals = { $count ->
    [one] { $n } oportunidad
   *[other] { $n } oportunidades
  }
report-days = { $count ->
    [one] { $n } día
   *[other] { $n } días
  }
report-forecast = Previsión
report-forecast-about = Lo que se ganó y lo que cabe esperar, por mes de cierre.
report-forecast-nothing = No hay oportunidades abiertas ni se ganó ninguna este mes. Las oportunidades con importe y cierre previsto forman una previsión.
report-forecast-chart = Para cada mes, lo ganado, lo comprometido y lo probable. La tabla de abajo tiene cada número.
report-won = Ganado
report-lost = Perdido
report-open = Abierto
report-committed = Comprometido
report-committed-note = abierto, al menos un { $percent } % probable
report-weighted = Probable
report-weighted-note = cada importe según su probabilidad
report-by-month = Por mes
report-by-owner = Por responsable
report-owner-chart = Para cada responsable, lo ganado y lo probable, juntos.
report-owner-note = Ganado y probable juntos, de los meses de arriba.
report-month = Mes
report-owner = Responsable
report-deals-open = Oportunidades abiertas
report-later = Más tarde
report-undated = Sin fecha
report-overdue = Con fecha vencida
report-overdue-note = { $deals } abiertas aunque ya pasó el día de cierre: { $sum }. No están en ninguno de los meses.
report-overdue-first = Se nombran las { $n } más atrasadas.
report-late = { $day }, { $late }
report-deal = Oportunidad
report-expected = Cierre previsto
report-amount = Importe
report-funnel = Conversión
report-funnel-about = De las oportunidades que entraron, cuántas llegaron a cada etapa y dónde se perdieron.
report-funnel-nothing = Ninguna oportunidad entró en este embudo durante este tiempo. Elija otro.
report-funnel-chart = Cuántas de { $n } oportunidades llegaron a cada etapa. La tabla de abajo tiene cada número.
report-funnel-note = Una oportunidad cuenta en cada etapa que alcanzó o pasó, según sus versiones. Las ganadas las pasaron todas.
report-came-in = Entraron
report-conversion = Ganadas de ellas
report-conversion-note = { $won } hasta ahora
report-lost-most = la mayoría tras { $stage }: { $n }
report-reached = { $n } · { $rate }
report-stage = Etapa
report-got-here = Llegaron aquí
report-from-before = De la etapa anterior
report-from-first = De todas
report-here-now = Aquí ahora
report-lost-here = Perdidas después
report-results = Resultados
report-results-about = Lo ganado y lo perdido, con qué frecuencia se gana y cuánto tarda.
report-results-nothing = Nada se ganó ni se perdió durante este tiempo. Elija otro.
report-results-chart = Lo ganado y lo perdido. La tabla de abajo tiene cada número.
report-results-month = Ganado y perdido por mes
report-results-owner = Ganado por responsable
report-results-reason = Ganado y perdido por motivo
report-results-pipeline = Ganado por embudo
report-by = Por
report-way-month = Mes
report-way-owner = Responsable
report-way-reason = Motivo
report-way-pipeline = Embudo
report-win-rate = Tasa de éxito
report-win-rate-note = { $won } ganadas, { $lost } perdidas
report-cycle = La mitad tarda como mucho
report-cycle-note = de la entrada a la venta
report-days-head = Días, mediana
report-deals-won = Ganadas
report-deals-lost = Perdidas
report-reason = { $reason } ({ $outcome })
report-no-reason = Sin motivo
report-activity = Actividad
report-activity-about = Lo que se anotó y envió, por responsable.
report-activity-nothing = Nada se anotó ni se envió durante este tiempo. Elija otro.
report-activity-chart = Para cada responsable, cuánto se anotó y envió. La tabla de abajo tiene cada número.
report-activity-note = Según cuándo ocurrió, hasta donde lo dice la fuente. Los comentarios cuentan como notas.
report-does-call = Llamadas
report-does-meeting = Reuniones
report-does-note = Notas
report-does-message = Mensajes
report-does-task = Tareas
report-together = Juntos
report-not-counted = No contados, porque usted no puede listarlos: { $kinds }.
report-cohorts = Cohortes
report-cohorts-about = Clientes por el mes de su primera compra, y cuántos volvieron a comprar.
report-cohorts-nothing = Nadie compró en los últimos doce meses: ningún pedido, ninguna oportunidad ganada.
report-cohorts-chart = Cuántos clientes compraron por primera vez cada mes. La tabla de abajo tiene cada número.
report-cohorts-note = Una compra es un pedido, salvo cancelado o devuelto, o una oportunidad ganada. El cliente es su empresa, si no su persona. Las columnas dicen cuántos de los nuevos clientes de un mes volvieron a comprar tantos meses después.
report-new-customers = Clientes nuevos
report-first-month = Primer mes
report-month-after = +{ $n }
report-no-orders = Los pedidos no se cuentan: usted no puede listarlos para esta finalidad.
report-of-nobody = { $count ->
    [one] { $n } compra no nombra a ningún cliente.
   *[other] { $n } compras no nombran a ningún cliente.
  }
settings-rates = Cambios
rates-title = Tipos de cambio
rates-note = En los informes las sumas se convierten a esta moneda con el último cambio que no sea posterior al día del informe, y el informe lo nombra. Sin cambio, las monedas quedan una al lado de otra.
rates-currency = La casa cuenta en
rates-currency-help = Tres letras, como EUR (ISO 4217). Los cambios valen para una moneda así; los de otra vuelven con ella.
rates-none = Aún no hay cambios.
rates-of = Moneda
rates-day = Desde
rates-rate = Una unidad vale
rates-rate-help = En la moneda de la casa, por ejemplo 0.92.
rates-add = Introducir un cambio
rates-remove = Retirar
rates-remove-one = Retirar: { $currency } del { $day }
rates-saved = Guardado. Los informes cuentan con ello desde ahora.
rates-gone = El cambio está retirado.
did-report-run = ejecutó un informe
did-rates-changed = cambió un tipo de cambio

# Sales by product.
report-sales = Productos
report-sales-about = Lo vendido, producto por producto, según las líneas de pedidos u oportunidades ganadas.
report-sales-nothing = En este tiempo no se vendió nada con líneas. Elija otro, o añada líneas a pedidos y oportunidades.
report-sold = Se cuentan
report-sold-orders = Pedidos
report-sold-deals = Oportunidades ganadas
report-sold-orders-note = hechos en este tiempo; sin cancelados ni devueltos
report-sold-deals-note = cerradas en este tiempo
report-no-product = Sin producto
report-other-products = { $count ->
    [one] 1 producto más
   *[other] { $n } productos más
}
report-sales-net = Neto
report-sales-net-note = sin impuestos
report-sales-products = Productos
report-sales-lines = { $count ->
    [one] en 1 línea
   *[other] en { $n } líneas
}
report-sales-chart = Primero lo que más sumó. La tabla de abajo tiene todas las cifras.
report-by-product = Por producto
report-product = Producto
report-quantity = Cantidad
report-lines = Líneas
report-share = Parte
report-sales-most = Los primeros { $n } productos; los demás van juntos al final.

# Dashboards.
dashboards-title = Paneles
dashboards-lead = Informes y vistas guardadas juntos, como usted los componga. Cada uno muestra lo que usted puede ver, lo haya hecho quien lo haya hecho.
dashboards-none = Aún no hay paneles. Nombre uno y elija sus recuadros.
dashboard-new = Panel nuevo
dashboard-make = Crear
dashboard-note = Su nombre se guarda sellado. Los recuadros se añaden en la página siguiente.
dashboard-name = Nombre
dashboard-shared = Quién lo ve
dashboard-shared-no = Solo yo
dashboard-shared-team = Mi equipo
dashboard-shared-all = Todos
dashboard-tiles = { $count ->
    [one] 1 recuadro
   *[other] { $n } recuadros
}
dashboard-subtitle = { $shared } · { $tiles }
dashboard-recorded = Cada recuadro se hizo para usted y su finalidad, y quedó registrado como el informe o la lista que es.
dashboard-compose = Componer
dashboard-done = Listo
dashboard-on-home = Mostrar en Inicio
dashboard-off-home = Quitar de Inicio
dashboard-at-home = en Inicio
dashboard-delete = Eliminar el panel
dashboard-delete-note = Las vistas, los informes y los registros se quedan.
dashboard-deleted = El panel se eliminó.
dashboard-empty = Aún sin recuadros
dashboard-empty-note = Pulse Componer y elija qué muestra el primer recuadro.
tile-add = Añadir recuadro
tile-show = Muestra
tile-period = Periodo
tile-view = Vista guardada
tile-table = Las cifras
tile-up = Subir: { $name }
tile-down = Bajar: { $name }
tile-remove = Quitar: { $name }
tile-first-rows = { $n } de { $all }
tile-forecast = Previsión
tile-funnel = Embudo
tile-by-month = Ganado y perdido por mes
tile-by-owner = Ganado por responsable
tile-by-reason = Ganado y perdido por motivo
tile-win-rate = Tasa de éxito
tile-cycle-time = Días hasta ganar
tile-activity = Actividad
tile-cohorts = Clientes nuevos por mes
tile-sales = Ventas por producto
tile-view-count = Vista: cuántos
tile-view-sums = Vista: sus sumas
tile-view-rows = Vista: sus primeras filas
span-this-month = Este mes
span-last-month = El mes pasado
span-this-quarter = Este trimestre
span-this-year = Este año
span-days30 = Los últimos 30 días
span-months12 = Los últimos doce meses
report-dashboards = Paneles
report-way-priority = Prioridad
report-service = Servicio
report-service-about = De los casos recibidos en un periodo: cuántos se respondieron y resolvieron a tiempo.
report-service-nothing = No entró ningún caso en este periodo.
report-service-groups = A tiempo
report-service-chart = La parte de soluciones a tiempo. La tabla de abajo tiene todas las cifras.
report-service-note = La parte es de lo decidido: a tiempo o tarde. Lo aún abierto y no vencido va aparte.
report-kept = { $met } a tiempo, { $missed } tarde, { $open } abiertos
report-cases = Casos
report-cases-note = entraron en este periodo
report-no-priority = Sin prioridad
report-replied = Respondidos a tiempo
report-solved = Resueltos a tiempo
report-replied-met = Respuestas a tiempo
report-replied-missed = Respuestas tarde
report-replied-open = Respuestas abiertas
report-solved-met = Soluciones a tiempo
report-solved-missed = Soluciones tarde
report-solved-open = Soluciones abiertas
