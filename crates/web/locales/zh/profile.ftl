# 个人设置，以及团队。
profile-title = 我的资料
profile-lead = 页面如何向您显示。不影响他人。
profile-language = 语言
profile-language-help = 若不选择，则采用浏览器请求的语言。
profile-browser = 按浏览器
profile-zone = 时区
profile-zone-help = 时区名称，例如 Asia/Shanghai。若不填，则采用机构的时区：{ $zone }。
profile-dates = 日期
profile-dates-words = 按语言习惯：{ $example }
profile-week = 每周开始于
profile-week-usual = 星期一（默认）
profile-week-monday = 星期一
profile-week-saturday = 星期六
profile-week-sunday = 星期日
profile-saved = 已保存。您的页面从现在起这样显示。
profile-now = 现在，按您的页面的写法
profile-number = 数字
profile-moment = 时刻
settings-profile = 我的资料
settings-teams = 团队
teams-title = 团队
teams-lead = 角色可以只触及本团队的记录：即成员在该团队期间新建的内容。自己的记录始终可以触及。
teams-none = 尚无团队
teams-none-note = 团队将处理同一批记录的同事聚在一起。请为第一个团队命名。
teams-add = 添加团队
teams-name = 团队名称
teams-name-help = 按同事的叫法，例如“北区销售”。不要使用个人姓名。
teams-member-count = { $count ->
    [0] 无人
   *[other] { $n } 名成员
}
team-rename = 重命名
team-member-add = 添加同事
team-member-choose = 同事
team-member-choose-help = 已在其他团队的人会离开原团队。
team-member-remove = 移除 { $name }
team-remove = 移除
team-delete = 解散团队
team-delete-note = 其成员将不在任何团队。经由此团队触及记录的人将无法再触及；所有者仍保有自己的记录。
team-done-made = 团队已建立。请添加成员。
team-done-renamed = 已重命名。
team-done-joined = 已添加。从其下一次请求起生效。
team-done-left = 已移除。从其下一次请求起生效。
team-done-dissolved = 团队已解散。
team-known = 已有同名团队。请另选名称。
