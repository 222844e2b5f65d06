# Importación.
import-title = Importación
import-step-file = Archivo
import-step-mapping = Columnas
import-step-run = Importación
import-step-report = Informe
import-kind = Qué contiene
import-file = Archivo
import-file-note = CSV, Excel o vCard; para mensajes, .eml o .mbox; { $limit }. La codificación y el separador se detectan solos.
import-read = Leer el archivo
import-nothing-yet = No se escribe nada hasta que usted lo diga.
import-past = Importaciones anteriores
import-no-past = Ninguna todavía.
mapping-caption = Adónde va cada columna
mapping-column = Su columna
mapping-first = Primeros valores
mapping-goes = Va a
mapping-goes-of = { $column } va a
mapping-problems = Problemas
mapping-how = Cómo emparejar
mapping-match = Misma ficha cuando coincide
mapping-mode = Las filas pueden
mapping-basis = Por qué puede conservarlas
mapping-basis-note = Se pregunta una vez para todas las personas nuevas de este archivo. La llevan desde el primer momento.
preview-title = Lo que ocurriría
import-preview = Vista previa
import-preview-again = Nueva vista previa
import-start = Importar
import-undo = Revertir esta importación
import-look = Verlas
undo-created = { $count ->
    [one] 1 ficha nueva
   *[other] { $n } fichas nuevas
}
undo-created-note = Se destruyen si nadie las ha usado desde entonces y tienen menos de 24 horas.
undo-updated = { $count ->
    [one] 1 ficha cambiada
   *[other] { $n } fichas cambiadas
}
undo-updated-note = Recuperan sus valores anteriores, en una versión nueva. Lo que alguien cambió desde entonces se queda.
undo-used = Lo que se ha usado desde entonces
undo-used-note = Las fichas abiertas, cambiadas, retenidas o conservadas por ley quedan como están, cada una con su motivo.
undo-trail = El registro de auditoría
undo-trail-note = Que la importación se hizo y se revirtió sigue siendo demostrable.
import-failed = Filas no importadas
import-failed-download = Descargarlas
import-row = Fila
import-why = Qué hacer
import-mail = Correo electrónico
import-other = Fichas
import-up-to = hasta { $size }
import-of = Importación del { $day }
import-rows = { $count ->
    [one] { $n } fila
   *[other] { $n } filas
}
import-running = Importando
import-goes-back = Revirtiendo
import-finished = Terminada
import-undone = Revertida
import-stopped = Se detuvo.
import-cancelled = Cancelada. Lo importado se queda.
import-cancel-note = Las filas ya importadas se quedan; puede revertirlas después.
import-created = Creadas
import-updated = Actualizadas
import-same = Ya existentes
import-refused = No importadas
import-failed-shown = { $shown } de { $all } mostradas
import-undo-note = Revertir devuelve a las fichas cambiadas sus valores anteriores. Las nuevas desaparecen en 24 horas, salvo que alguien las haya usado.
import-why-required = Rellene esto.
import-why-email = Escriba la dirección como nombre@example.com.
import-why-phone = Escriba el número con su prefijo de país, como +34 612 345 678.
import-why-date = Escriba la fecha como AAAA-MM-DD.
import-why-suppressed = Esta persona fue suprimida y así permanece.
import-why-ambiguous = Coinciden varias fichas. Corrija la fila o empareje de otro modo.
import-why-no-match = No coincide ninguna ficha.
mapping-create = Crear
mapping-update = Actualizar
mapping-both = Ambas cosas
mapping-never = Nunca: todas las filas son nuevas
mapping-skip = Omitir
mapping-owner = Responsable: quien trabaja aquí, por nombre o dirección
mapping-dates-uncertain = El día y el mes pueden leerse en otro orden; compruébelos.
mapping-street = Calle
mapping-city = Ciudad
mapping-region = Región
mapping-postal-code = Código postal
mapping-country = País
mapping-middle-name = Segundo nombre
mapping-suffix = Sufijo del nombre
preview-created = { $n } creadas
preview-updated = { $n } actualizadas
preview-same = { $n } ya existentes
preview-refused = { $n } rechazadas
preview-alike = { $count ->
    [one] Una de las primeras 1.000 filas se parece a un registro que ya existe y no se asociará a él.
   *[other] { $n } de las primeras 1.000 filas se parecen a registros que ya existen y no se asociarán a ellos.
}
preview-alike-rows = Filas: { $rows }
mapping-dates-of = Orden de las fechas en { $column }
mapping-dmy = día/mes/año
mapping-mdy = mes/día/año
mapping-ymd = año-mes-día
mapping-remembered = Columnas como el { $day }.
preview-tried = Probadas: las primeras { $n } filas. La importación recorre todas y nombra cada fila rechazada.
import-why-not-found = Ese registro aún no existe. Impórtelo primero o corrija la fila.
import-why-not-staff = Nadie que trabaje aquí tiene este nombre o dirección.
import-why-no-consent = No hay consentimiento para ello.
