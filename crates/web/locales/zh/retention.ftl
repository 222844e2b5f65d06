# 保存。
retention-title = 保存
retention-note = 每条记录保存多久，依据哪条规则
retention-coverage = 已有规则覆盖
retention-covered = { $covered }/{ $all }
retention-uncovered = 没有规则就不会销毁任何内容。请为以下类型选择规则：
retention-statutory = 法律要求
retention-statutory-note = 最短期限；不得缩短
retention-recommended = 建议
retention-recommended-note = 您的政策；可由您更改
retention-packs = 规则包
retention-adopt = 采用
retention-settings = 设置
rule-name = 规则
rule-period = 期限
rule-effect = 效力
rule-citation = 依据
rule-checked = 核对
rule-pack = 规则包
retention-plan = 显示到期内容
retention-sweep = 立即清理
sweep-records = { $count ->
   *[other] { $n } 条记录
}
sweep-decided = { $count ->
   *[other] 有 { $n } 条记录需要查看
}
sweep-goes = 已到期，且其规则表明无需先行复核。其密钥将被销毁，并出具证书。
sweep-review = 已到期，但规则要求复核：等待人工处理。
sweep-erasure = 已请求删除：在请求页面处理。
sweep-unclassified = 没有适用的规则。没有规则就不会销毁任何内容。
sweep-suspended = 时钟与账本不一致：时间确认之前不销毁任何内容。
sweep-held = 受法律保留。最后一项法律保留结束 30 天后重新判定。
sweep-nothing = 没有要销毁的内容
sweep-nothing-note = 目前没有到期内容。清理只会记录所作的判定。
queue-title = 已到期，等待人工处理
queue-none = 没有等待的事项。规则要求复核的内容到期后会显示在这里。
queue-choose = 选择
queue-record = 记录
queue-kind = 类型
queue-due = 到期及原因
queue-fields = 仅 { $fields }
queue-reason = 为何应销毁
queue-propose = 提议销毁
queue-note = 提议不会销毁任何内容。须先由另一人批准。
queue-proposed = 已提议
retention-planned = 这是现在清理会发现的内容。未作任何更改。
retention-swept = { $count ->
   *[other] 已清理。销毁了 { $n } 条记录。
}
retention-strength-law = 法律
retention-strength-claims = 法律请求权
retention-strength-contract = 合同
retention-strength-policy = 政策
retention-ignored = 未使用
retention-effect-min = 至少保存
retention-effect-max = 至多保存
retention-effect-prohibit = 不得保存
retention-own = 自定义
retention-years = { $count ->
   *[other] { $n } 年
}
retention-months = { $count ->
   *[other] { $n } 个月
}
retention-weeks = { $count ->
   *[other] { $n } 周
}
retention-days = { $count ->
   *[other] { $n } 天
}
retention-from-calendar-year-end = 自年末起
retention-from-fiscal-year-end = 自财政年度末起
retention-rules = { $count ->
   *[other] { $n } 条规则
}
retention-adopted = 已采用
retention-count-decided = 已查看
retention-count-due = 到期
retention-count-overdue = 逾期
retention-count-review = 等待人工处理
retention-count-erasure = 已请求删除
retention-count-held = 法律保留中
retention-count-unclassified = 无规则
retention-count-restricted = 限制处理
retention-count-escalated = 须人工决定
retention-count-suspended = 时钟不可信
retention-count-disposed = 已销毁
retention-not-set = 未设置
retention-grace = 宽限期
retention-cool-off = 法律保留之后
retention-country = 国家
retention-industry = 行业
retention-approvers = 复核内容所需审批

clock-title = 时间确认之前不销毁任何内容
clock-leapt = 时钟从 { $from } 跳到 { $to }，其间账本中没有任何记载。时钟被拨快会使记录提前到期。
clock-missing = { $count ->
   *[other] 还须 { $count } 人确认现在的时间正确。
}
clock-reason = 您如何得知时间正确
clock-confirm = 时间正确
