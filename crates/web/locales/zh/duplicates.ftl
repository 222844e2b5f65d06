# 看起来相同的记录：录入时、成对、合并、撤销合并。
dup-title = 重复记录
dup-lead = 看起来是同一个人、公司或事物的记录。不会自动合并。
dup-scan = 查找新的重复
dup-scan-all = 全部检查
dup-seen = { $when }之前更改的内容均已检查。
dup-never = 尚未查找过重复记录。
dup-running = 正在查找重复记录
dup-running-words = { $total } 条记录中的 { $done } 条
dup-failed = 查找重复记录已停止。请重新开始：将从剩余部分继续。
dup-none = 这里没有重复记录
dup-none-note = 查找后，成对的记录会列在这里，直到合并或确认为不同。
dup-group = { $count ->
   *[other] { $n } 条可能相同的记录
}
dup-merge = 合并…
dup-dismiss = 不是重复
dup-dismissed = 在它们的共同之处发生变化之前，不会再显示为重复。
dup-likely-sure = 几乎确定
dup-likely-likely = 很可能
dup-likely-perhaps = 可能
dup-sign-same = { $field }相同
dup-sign-name = 姓名相同
dup-sign-name-company = 姓名和公司相同
dup-sign-name-birthday = 姓名和生日相同
dup-sign-name-address = 姓名和地址相同
dup-looks = { $count ->
   *[other] 这与已有的 { $n } 条记录相似。请打开查看，或继续。
}
dup-anyway = 仍然创建
dup-merge-title = 合并 { $name } 与 { $other }
dup-merge-lead = 请选择保留哪些值。点击“合并”之前不会发生任何更改。
dup-fields = 保留的内容
dup-swap = 互换
dup-keeps = 保留
dup-goes = 并入其中
dup-choose = { $field }：{ $name } 的值
dup-both = 两者都保留
dup-rule = 已代为决定：按当前用途不能查看其值
dup-same = { $count ->
   *[other] 另有 { $n } 个字段两者相同。
}
dup-moves = 一并转移的内容
dup-moves-none = 没有其他内容指向被合并的记录。
dup-moves-entries = 时间线条目
dup-stays = 因受限而留在原处的内容
dup-kept-note = 被合并的记录不会被销毁：它不再出现在列表、搜索、时间线和导出中，但保留其历史、证据和保存期限。该人的查阅或删除请求涵盖两者。
dup-merge-do = 合并
dup-undo-note = 以后可以撤销。
dup-merged = 已合并。两份历史均可证明。
dup-merged-title = 此记录已被合并
dup-merged-into = 其数据现在位于
dup-merged-note = 它不再出现在任何列表或搜索中。它与其他记录一样保存并可证明，并属于该人的每一次查阅或删除请求。
dup-merged-by = { $who } 于{ $when }合并
dup-open = 打开该记录
dup-evidence = 历史与证据
dup-moving = 指向它的内容仍在转移。完成后可以撤销。
dup-unmerge = 撤销合并
dup-unmerge-note = 它将重新出现在列表和搜索中，已转移的内容重新指向它，另一条记录中此后无人更改的值将恢复原状。
dup-unmerged = 合并已撤销。
dup-unmerged-left = 合并已撤销。以下内容此后已更改，保持不变：{ $fields }。
dup-parts = 已并入此记录
dup-refused-held = 法律保全使 { $name } 保持原状。
dup-refused-held-matter = “{ $matter }”的法律保全使 { $name } 保持原状。
dup-refused-held-do = 请询问设置保全的人。解除后即可合并。
dup-refused-restricted = { $name } 受限：仅因法律原因保存，不得使用。
dup-refused-restricted-do = 限制结束后即可合并。
dup-refused-requested = { $name } 有一项未结请求（{ $right }）。
dup-refused-requested-do = 请先答复并结束该请求，使答复涵盖所请求的内容，然后再合并。
