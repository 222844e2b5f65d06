# Primera ejecución e inicio de sesión.
setup-steps = Pasos
setup-step-you = Usted
setup-step-place = País y sector
setup-step-start = Inicio
setup-you-title = Instalar Probity
setup-you-lead = Usted será su administrador. Lleva alrededor de un minuto.
setup-code = Código de un solo uso
setup-code-help = Está en la terminal donde se inició Probity, para que nadie más pueda apropiarse de esta casa.
setup-name = Su nombre
setup-email = Correo electrónico
setup-password = Contraseña
setup-password-help = Al menos 12 caracteres. Una frase es fácil de recordar y difícil de adivinar.
setup-next = Continuar
setup-place-title = País y sector
setup-place-lead = Determinan las reglas de conservación con las que empieza. Podrá cambiarlas todas después.
setup-country = País
setup-industry = Sector
setup-adopt = Adoptar estas reglas
setup-preview = Ver las reglas
setup-legal = Un punto de partida comprobado y con sus fuentes; no es asesoramiento jurídico.
rule-statutory = ley
rule-recommended = recomendada
setup-start-title = ¿Cómo quiere empezar?
setup-import = Importar mi hoja
setup-import-note = CSV, Excel o vCard. Verá lo que va a ocurrir antes de que se escriba nada.
setup-demo = Ver datos de demostración
setup-demo-note = 300 personas inventadas con correos, oportunidades y solicitudes. Se quitan con un clic.
setup-empty = Empezar de cero
setup-empty-note = Cree su primera ficha a mano.
sign-in-title = Iniciar sesión
sign-in = Iniciar sesión
sign-in-expired = Su sesión terminó. Su texto se conserva; inicie sesión para seguir donde estaba.
setup-adopted = { $count ->
    [one] Una regla está en vigor.
   *[other] { $n } reglas están en vigor.
}
industry-general = General
industry-trade = Comercio
industry-finance = Finanzas
industry-health = Sanidad
industry-education = Educación
industry-telecom = Telecomunicaciones
industry-public = Administración pública
industry-children = Servicios para menores
industry-legal = Servicios jurídicos
