# 会终结某物的操作：操作前的页面，以及等待第二人的事项。
confirm-title = 继续之前
confirm-nothing-yet = 尚未发生任何事
confirm-goes = 将销毁
confirm-stays = 将保留
confirm-back = 返回，不作更改
confirm-type = { $count ->
   *[other] 输入 { $n }：将销毁这么多项
}
confirm-not-the-number = 请输入本页所示的将销毁的项数。未作任何更改。
confirm-at-once = 立即
approvals-title = 审批
approvals-lead = 须经第二人同意才会销毁的内容。
approvals-tab-waiting = 待审批
approvals-tab-done = 已执行
approvals-none = 没有等待第二人的事项
approvals-none-note = 规则要求复核的内容，会在“保存”页面或删除之后提出。在另一人同意之前，它会列在这里。
approvals-none-done = 尚未销毁任何内容
approvals-none-done-note = 每一条销毁指令都连同其证书编号列在这里。
approvals-cause-expiry = { $count ->
   *[other] 销毁 { $n } 条记录
}
approvals-cause-erasure = { $count ->
   *[other] 删除 { $n } 条记录
}
approvals-cause-undo = { $count ->
   *[other] 撤回 { $n } 条记录
}
approvals-cause-expiry-fields = { $count ->
   *[other] 销毁一条记录的 { $n } 个字段
}
approvals-cause-erasure-fields = { $count ->
   *[other] 删除一条记录的 { $n } 个字段
}
approvals-cause-undo-fields = { $count ->
   *[other] 撤回一次导入的 { $n } 个字段
}
approvals-fields = { $record }：仅 { $fields }
approvals-order-expiry = 销毁
approvals-order-erasure = 删除
approvals-order-undo = 导入已撤回
approvals-proposed = { $name } 提出，{ $when }
approvals-state = 已审批 { $done }/{ $needed }
approvals-reason = 提出的理由
approvals-by = 审批人
approvals-nobody = 尚无。
approvals-another = 须由另一人审批
approvals-own = 这是您提出的。由另一位有权销毁记录的人打开此页并作出决定。
approvals-before = 您已审批过。每人只计一次。
approvals-approve = 批准
approvals-why = 您的理由
approvals-order = 立即销毁
approvals-order-note = 将在锁定状态下再次判定。先销毁密钥，再销毁其所开启的内容，并出具证书。
approvals-withdraw = 否决或撤回
approvals-withdraw-note = 这不会销毁任何内容；以后可以再次提出。
approvals-proposed-done = 已提出，等待另一人审批。
approvals-approved-done = 已批准。
approvals-withdrawn-done = 已撤回；未销毁任何内容。
approvals-destroyed = 已销毁，证书编号 { $number }。
approvals-gone = 已不存在
approvals-certified = 已出证
approvals-certificate = 证书
approvals-under-way = 执行中
