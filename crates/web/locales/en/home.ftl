# Home.
home-title = Home
home-steps = First steps
home-steps-done = { $done } of { $all } done
home-step-done = done
home-tasks = My tasks
home-all-tasks = All tasks
home-no-tasks = No open tasks of yours. Write one on any record.
home-task-done = Mark as done: { $title }
home-due = Due soon
home-nothing-due = Nothing falls due in the next 30 days.
home-recent = Opened lately
home-no-recent = What you open appears here, for you alone.
