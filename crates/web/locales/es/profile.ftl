# El perfil propio, y los equipos.
profile-title = Mi perfil
profile-lead = Cómo le hablan las páginas. Para los demás no cambia nada.
profile-language = Idioma
profile-language-help = Si no elige, el que pida su navegador.
profile-browser = El que pida el navegador
profile-zone = Zona horaria
profile-zone-help = Su nombre, como Europe/Madrid. Sin ella, la de la organización: { $zone }.
profile-dates = Fechas
profile-dates-words = Como las escribe el idioma: { $example }
profile-week = La semana empieza el
profile-week-usual = Lunes (habitual)
profile-week-monday = Lunes
profile-week-saturday = Sábado
profile-week-sunday = Domingo
profile-saved = Guardado. Sus páginas hablan así desde ahora.
profile-now = Ahora, como lo escriben sus páginas
profile-number = Un número
profile-moment = Un momento
settings-profile = Mi perfil
settings-teams = Equipos
teams-title = Equipos
teams-lead = Un rol puede alcanzar las fichas del propio equipo: lo que sus miembros crearon mientras estaban en él. Las propias se alcanzan siempre.
teams-none = Aún no hay equipos
teams-none-note = Un equipo reúne a colegas que trabajan con las mismas fichas. Ponga nombre al primero.
teams-add = Añadir un equipo
teams-name = Nombre del equipo
teams-name-help = Como lo llaman en la casa, por ejemplo Ventas Norte. No el nombre de una persona.
teams-member-count = { $count ->
    [0] Nadie
    [one] 1 miembro
   *[other] { $n } miembros
}
team-rename = Cambiar nombre
team-member-add = Añadir un colega
team-member-choose = Colega
team-member-choose-help = Quien está en otro equipo lo deja.
team-member-remove = Quitar a { $name }
team-remove = Quitar
team-delete = Disolver el equipo
team-delete-note = Sus miembros quedan entonces sin equipo. Quien alcanzaba fichas por este equipo deja de alcanzarlas; cada responsable conserva las suyas.
team-done-made = El equipo está creado. Añada a sus miembros.
team-done-renamed = Nombre cambiado.
team-done-joined = Añadido. Vale desde su próxima petición.
team-done-left = Quitado. Vale desde su próxima petición.
team-done-dissolved = El equipo está disuelto.
team-known = Ya hay un equipo con este nombre. Elija otro.
