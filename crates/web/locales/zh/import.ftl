# 导入。
import-title = 导入
import-step-file = 文件
import-step-mapping = 列
import-step-run = 导入
import-step-report = 报告
import-kind = 文件内容
import-file = 文件
import-file-note = CSV、Excel 或 vCard；消息用 .eml 或 .mbox；{ $limit }。编码和分隔符会自动识别。
import-read = 读取文件
import-nothing-yet = 在您确认之前不会写入任何内容。
import-past = 以往的导入
import-no-past = 尚无。
mapping-caption = 每一列的去向
mapping-column = 您的列
mapping-first = 前几个值
mapping-goes = 写入
mapping-goes-of = { $column } 写入
mapping-problems = 问题
mapping-how = 匹配方式
mapping-match = 以下相同即视为同一记录
mapping-mode = 各行可以
mapping-basis = 您为何可以保存他们的信息
mapping-basis-note = 对本文件的所有新联系人只询问一次，从一开始即随附于他们。
preview-title = 将会发生什么
import-preview = 预览
import-preview-again = 重新预览
import-start = 导入
import-undo = 撤回此次导入
import-look = 查看
undo-created = { $count ->
   *[other] { $n } 条新记录
}
undo-created-note = 若此后无人使用且不足 24 小时，则予以销毁。
undo-updated = { $count ->
   *[other] { $n } 条已更改的记录
}
undo-updated-note = 以新版本恢复其先前的值。此后有人更改的部分保持不变。
undo-used = 此后使用过的内容
undo-used-note = 已打开、已更改、受法律保留或依法保存的记录保持原样，并各自注明原因。
undo-trail = 审计轨迹
undo-trail-note = 导入及其撤回始终可以证明。
import-failed = 未导入的行
import-failed-download = 下载
import-row = 行
import-why = 如何处理
import-people = 联系人
import-companies = 公司
import-mail = 电子邮件
import-other = 记录
import-up-to = 最大 { $size }
import-of = { $day } 的导入
import-rows = { $count ->
   *[other] { $n } 行
}
import-running = 正在导入
import-goes-back = 正在撤回
import-finished = 已完成
import-undone = 已撤回
import-stopped = 已中断。
import-cancelled = 已取消。已导入的内容保留。
import-cancel-note = 已导入的行会保留；之后可以撤回。
import-created = 已新建
import-updated = 已更新
import-same = 已存在
import-refused = 未导入
import-failed-shown = 显示 { $shown }/{ $all }
import-undo-note = 撤回会恢复已更改记录的先前值。新记录在 24 小时内移除，除非已有人使用。
import-why-required = 请填写此项。
import-why-email = 请按 name@example.com 的形式填写地址。
import-why-phone = 请填写带国家代码的号码，例如 +86 138 0013 8000。
import-why-date = 请按 YYYY-MM-DD 填写日期。
import-why-suppressed = 此人的信息已被删除并保持删除。
import-why-ambiguous = 有多条记录匹配。请更正该行，或按其他字段匹配。
import-why-no-match = 没有匹配的记录。
mapping-create = 新建
mapping-update = 更新
mapping-both = 两者
mapping-never = 从不：所有行都是新的
mapping-skip = 跳过
mapping-dates-uncertain = 日和月可能以另一种顺序解读；请核对。
mapping-street = 街道
mapping-city = 城市
mapping-region = 省/州
mapping-postal-code = 邮政编码
mapping-country = 国家
mapping-middle-name = 中间名
mapping-suffix = 姓名后缀
preview-created = 新建 { $n }
preview-updated = 更新 { $n }
preview-same = 已存在 { $n }
preview-refused = 拒绝 { $n }
preview-alike = { $count ->
   *[other] 前 1,000 行中有 { $n } 行与已有记录相似，且不会与之匹配。
}
preview-alike-rows = 行号：{ $rows }
